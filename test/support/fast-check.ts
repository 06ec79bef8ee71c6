import fc from 'fast-check';

// A failure prints its seed, with which it can be repeated. Each run has a new seed, so that it tries other values.
fc.configureGlobal({ numRuns: 200 });
