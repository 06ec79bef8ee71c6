import fc from 'fast-check';

// A failure prints the seed that repeats it; the seed itself is new each time, so that every run looks somewhere else.
fc.configureGlobal({ numRuns: 200 });
