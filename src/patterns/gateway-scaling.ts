/** How many pods a gateway has. */
export class GatewayScaling {
  /**
   * Between two numbers of pods, by their CPU.
   * @param minReplicas at least 1; two or more survive the loss of a node
   * @param maxReplicas at least as many
   * @param cpuPercent the share of the requested CPU that is aimed at, 70 if left out
   * @throws if the numbers are out of order or range.
   */
  public static between(minReplicas: number, maxReplicas: number, cpuPercent: number = 70): GatewayScaling {
    if (!Number.isInteger(minReplicas) || minReplicas < 1 || !Number.isInteger(maxReplicas) || maxReplicas < minReplicas) {
      throw new Error(`GatewayScaling.between: whole numbers with 1 <= minReplicas <= maxReplicas, got ${minReplicas} and ${maxReplicas}`);
    }
    if (!Number.isInteger(cpuPercent) || cpuPercent < 1 || cpuPercent > 100) {
      throw new Error(`GatewayScaling.between: cpuPercent must be a whole number from 1 to 100, got ${cpuPercent}`);
    }
    return new GatewayScaling(minReplicas, maxReplicas, cpuPercent);
  }

  /**
   * A fixed number of pods.
   * @throws if it is no whole number of 1 or more.
   */
  public static fixed(replicas: number): GatewayScaling {
    if (!Number.isInteger(replicas) || replicas < 1) throw new Error(`GatewayScaling.fixed: a whole number of 1 or more, got ${replicas}`);
    return new GatewayScaling(replicas, replicas);
  }

  private constructor(
    /** @internal */
    public readonly _min: number,
    /** @internal */
    public readonly _max: number,
    /** @internal */
    public readonly _cpuPercent?: number,
  ) {}
}
