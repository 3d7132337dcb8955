/** The hosts of endpoints that the person has confirmed in this run. */
export class TrustedHosts {
  readonly #hosts = new Set<string>();

  add(host: string): void {
    this.#hosts.add(host);
  }

  has(host: string): boolean {
    return this.#hosts.has(host);
  }
}
