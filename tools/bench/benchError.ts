/** What a person who started a benchmark can set right: its message is all they need, a stack would only hide it. */
export class BenchError extends Error {}
