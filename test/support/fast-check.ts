import fc from 'fast-check';

// Each run has a new seed, so that it tries other values. A failure prints its seed, and this seed repeats the failure.
fc.configureGlobal({ numRuns: 200 });
