import { fullHost, hostWithin, mostSpecific } from './hosts';
import { byCreation, exported, IstioService, visibleTo } from './registry';
import { Cluster, hasLabels, Workload } from '../../cluster';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';

/** What a sidecar knows of the mesh: all that is exported to its namespace, less what a Sidecar object leaves out. */
export class SidecarScope {
  public readonly virtualServices: readonly ReadObject[];
  /** `ALLOW_ANY` or `REGISTRY_ONLY`. */
  public readonly mode: string;
  /** Those with HTTP routes, with their hosts in full. */
  public readonly httpServices: readonly { readonly object: ReadObject; readonly hosts: readonly string[] }[];
  private readonly sidecar?: ReadObject;
  private readonly exact = new Map<string, ReadObject>();
  private readonly wildcards: { object: ReadObject; host: string }[] = [];

  public constructor(private readonly workload: Workload, cluster: Cluster, options: TrafficModelOptions) {
    this.sidecar = sidecarOf(workload, cluster, options);
    this.mode = this.sidecar?.spec.outboundTrafficPolicy?.mode ?? options.istio?.outboundTrafficPolicy ?? 'ALLOW_ANY';
    const domain = options.clusterDomain ?? 'cluster.local';
    this.virtualServices = cluster.all('networking.istio.io', 'VirtualService')
      .filter((object) => listOf(object.spec.hosts).length > 0 && exported(object, workload.namespace))
      .filter((object) => listOf(object.spec.gateways).length === 0 || listOf(object.spec.gateways).includes('mesh'))
      .filter((object) => listOf(object.spec.hosts)
        .some((host) => this.imports(fullHost(String(host), object.namespace, domain), object.namespace, undefined, true)))
      .sort(byCreation);
    this.httpServices = this.virtualServices.filter((object) => listOf(object.spec.http).length > 0)
      .map((object) => ({ object, hosts: listOf(object.spec.hosts).map((host) => fullHost(String(host), object.namespace, domain)) }));
    for (const { object, hosts } of this.httpServices) {
      for (const host of hosts) {
        if (host.startsWith('*')) this.wildcards.push({ object, host });
        else if (!this.exact.has(host)) this.exact.set(host, object);
      }
    }
  }

  /** The VirtualService for a service: the one with its name before those with wildcards, the oldest of equals. */
  public virtualServiceFor(host: string): ReadObject | undefined {
    return this.exact.get(host) ?? mostSpecific(host, this.wildcards, (each) => each.host)?.object;
  }

  /** Whether the input may lack services that the sidecar sees. */
  public get open(): boolean {
    return recordsOf(this.sidecar?.spec.egress).length === 0;
  }

  public sees(service: IstioService, port: number): boolean {
    return visibleTo(service.exportTo, service.namespace, this.workload.namespace) && this.imports(service.host, service.namespace, port, false);
  }

  // A service has to lie within a host of the list; for a VirtualService it is enough that they overlap.
  private imports(host: string, namespace: string, port: number | undefined, overlap: boolean): boolean {
    const egress = recordsOf(this.sidecar?.spec.egress);
    if (egress.length === 0) return true;
    const own = egress.filter((each) => port !== undefined && each.port?.number === port);
    const rest = port === undefined ? egress : egress.filter((each) => each.port?.number === undefined);
    const entries = (own.length > 0 ? own : rest).flatMap((each) => listOf(each.hosts).map(String));
    const matches = (entry: string) => {
      const [where, pattern] = [entry.slice(0, entry.indexOf('/')), entry.slice(entry.indexOf('/') + 1)];
      return (where === '*' || where === namespace || (where === '.' && namespace === this.workload.namespace))
        && (hostWithin(host, pattern) || (overlap && hostWithin(pattern, host)));
    };
    if (entries.some((entry) => entry.startsWith('~') && entry !== '~/*' && matches(entry.slice(1)))) return false;
    return entries.some(matches);
  }
}

/** The Sidecar object that applies to a workload: one that selects it, else the namespace's, else the root's; of several the oldest. */
function sidecarOf(workload: Workload, cluster: Cluster, options: TrafficModelOptions): ReadObject | undefined {
  const all = [...cluster.all('networking.istio.io', 'Sidecar')].sort(byCreation);
  const root = options.istio?.rootNamespace ?? 'istio-system';
  const selects = (object: ReadObject) => isRecord(object.spec.workloadSelector);
  return all.find((each) => each.namespace === workload.namespace && selects(each) && hasLabels(workload.podLabels, each.spec.workloadSelector.labels ?? {}))
    ?? all.find((each) => each.namespace === workload.namespace && !selects(each))
    ?? all.find((each) => each.namespace === root && !selects(each));
}

/** The names and addresses by which clients of a namespace reach a service. */
export function aliases(service: IstioService, namespace: string): string[] {
  if (!service.service) return [service.host, ...(service.addresses ?? []).filter((address) => !address.includes('/'))];
  const { name } = service.service;
  const names = [service.host, `${name}.${service.namespace}.svc`, `${name}.${service.namespace}`];
  if (service.namespace === namespace) names.push(name);
  // Pods behind a headless Service have names of their own before its.
  if (service.service.headless) names.push(...names.map((each) => `*.${each}`));
  const ip = service.service.object.spec.clusterIP;
  if (typeof ip === 'string' && ip !== '' && ip !== 'None') names.push(ip);
  return names;
}

/** Whether a service has an address of its own, so that its listener takes nothing else. */
export function hasAddress(service: IstioService): boolean {
  return service.service ? true : (service.addresses ?? []).length > 0;
}
