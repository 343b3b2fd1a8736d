/** How many cases a property tries: `FUZZ_RUNS=20` makes it twenty times as many as usual. */
export function runs(usual: number): number {
  return Math.ceil(usual * Number(process.env['FUZZ_RUNS'] || 1));
}
