import type { RequestRate } from './counting-server.ts';
import type { ReportLine } from './report.ts';

const MAX_PEAK_TO_MEAN = 3;

export const FLEET_COLUMNS = ['peak', 'mean', 'peak / mean'];

/** @param rates only the first rate, after the wake-up, has a goal */
export function toFleetReport(rates: readonly RequestRate[]): readonly ReportLine[] {
  return rates.map(({ name, peakPerSecond, meanPerSecond, peakToMean }, index) => ({
    measure: name,
    values: [`${peakPerSecond}`, meanPerSecond.toFixed(0), peakToMean.toFixed(2)],
    ...(index === 0 && { goal: `< ${MAX_PEAK_TO_MEAN}` }),
    isMissed: index === 0 && peakToMean >= MAX_PEAK_TO_MEAN,
  }));
}
