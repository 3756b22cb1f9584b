// Stands in for the module k6/metrics: keeps every sample by the metric's name.
export const samples = {};

class Metric {
  #kept;

  constructor(name) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new Error(`k6 takes no metric of the name ${name}`);
    }
    this.#kept = samples[name] = [];
  }

  add(value) {
    if (!Number.isFinite(value)) {
      throw new Error(`${value} is no sample`);
    }
    this.#kept.push(value);
  }
}

export class Counter extends Metric {}
export class Trend extends Metric {}
