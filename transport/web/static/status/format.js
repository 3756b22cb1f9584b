const COUNT = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat("en", { maximumFractionDigits: 1, notation: "compact" });
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** 12345 → "12,345" */
export const count = (n) => COUNT.format(n);

/** A rate: "0", "0.25", "3.1", "240", "12.3K" */
export function rate(n) {
  if (n >= 1000) {
    return SHORT.format(n);
  }
  return n === 0 ? "0" : n.toFixed(n < 1 ? 2 : n < 100 ? 1 : 0);
}

/** Bytes: "512 B", "1.5 MiB" */
export function bytes(n) {
  const power = n < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(n) / 10));
  const value = n / 1024 ** power;
  return `${value.toFixed(power > 0 && value < 100 ? 1 : 0)} ${UNITS[power]}`;
}

/** A duration, given in ms: "0.12 ms", "45 ms", "3.2 s", "12 min", "3 h 5 min", "2 d 4 h" */
export function duration(ms) {
  if (ms < 1000) {
    return `${ms < 10 && ms % 1 !== 0 ? ms.toFixed(2) : Math.round(ms)} ms`;
  }
  const s = ms / 1000;
  if (s < 60) {
    return `${s < 10 ? s.toFixed(1) : Math.floor(s)} s`;
  }
  const minutes = Math.floor(s / 60);
  if (minutes < 60) {
    return minutes < 10 ? `${minutes} min ${Math.floor(s % 60)} s` : `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A ratio: "0 %", "0.4 %", "87 %" */
export const percent = (x) => `${x > 0 && x < 0.1 ? (x * 100).toFixed(1) : Math.round(x * 100)} %`;
