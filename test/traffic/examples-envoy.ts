import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';

/** Envoy as Contour's chart would install it: with the release, namespace and values that an example writes beside its manifests. */
export function envoyOfContour(files: string): any[] {
  const { prerequisites } = JSON.parse(fs.readFileSync(path.join(files, 'prerequisites.json'), 'utf8'));
  const [, release, namespace, file] = prerequisites.map(({ command }: any) => /--install (\S+) contour .*--namespace (\S+) .*--values (\S+)/.exec(command)).find(Boolean);
  const { envoy } = parse(fs.readFileSync(path.join(files, file), 'utf8'));
  const labels = { 'app.kubernetes.io/name': 'contour', 'app.kubernetes.io/instance': release, 'app.kubernetes.io/component': 'envoy' };
  const metadata = { name: `${release.includes('contour') ? release : `${release}-contour`}-envoy`, namespace, labels };
  const ports = [['http', 80, 8080], ['https', 443, 8443], ['metrics', 8002, 8002]] as const;
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata,
    spec: { podSelector: { matchLabels: labels }, policyTypes: ['Ingress'], ingress: [{ ports: ports.map(([, , port]) => ({ port })) }] },
  };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels, annotations: envoy.podAnnotations },
          spec: { hostNetwork: envoy.hostNetwork, containers: [{ name: 'envoy', ports: ports.map(([name, , containerPort]) => ({ name, containerPort })) }] },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { type: 'LoadBalancer', selector: labels, ports: ports.slice(0, 2).map(([name, port]) => ({ name, port, targetPort: name })) },
    },
    ...(envoy.networkPolicy?.enabled === false ? [] : [policy]),
  ];
}

/** Pods of somebody who is no part of an example. */
export function stranger(namespace: string, name: string): any {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name }] } } },
  };
}
