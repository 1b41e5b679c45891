import { JsonPatch } from 'cdk8s';
import { platform } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const { Service, ServiceType } = platform;
const http = { name: 'http', port: 80 };

function service(props: Partial<platform.ServiceProps>): any {
  const scope = chart({ namespace: 'web', labels: { team: 'shop' } });
  new Service(scope, 'Shop', { ports: [http], ...props });
  const object = only(synthesized(scope), 'Service');
  expect(schemaErrors(object)).toEqual([]);
  return object;
}

test('is reached inside the cluster, on the port of its pods', () => {
  expect(service({ selector: { app: 'shop' } })).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'shop', namespace: 'web', labels: { team: 'shop' } },
    spec: { type: 'ClusterIP', selector: { app: 'shop' }, ports: [{ name: 'http', port: 80, targetPort: 80, protocol: 'TCP' }] },
  });
});

test('ports keep their target, protocol and application protocol', () => {
  const ports = [
    { name: 'http', port: 80, targetPort: 'web', appProtocol: 'http' },
    { name: 'grpc', port: 50051, targetPort: 15051, appProtocol: 'grpc' },
    { name: 'dns-udp', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  ];
  expect(service({ ports }).spec.ports).toEqual([
    { name: 'http', port: 80, targetPort: 'web', protocol: 'TCP', appProtocol: 'http' },
    { name: 'grpc', port: 50051, targetPort: 15051, protocol: 'TCP', appProtocol: 'grpc' },
    { name: 'dns-udp', port: 53, targetPort: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, targetPort: 53, protocol: 'TCP' },
  ]);
});

test('headless, with somebody else\'s endpoints, or behind a load balancer of its own', () => {
  expect(service({ headless: true }).spec).toEqual({
    type: 'ClusterIP', clusterIP: 'None', ports: [{ name: 'http', port: 80, targetPort: 80, protocol: 'TCP' }],
  });
  expect(service({ type: ServiceType.LOAD_BALANCER, loadBalancerClass: 'service.k8s.aws/nlb', externalTrafficPolicy: 'Local' }).spec)
    .toMatchObject({ type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb', externalTrafficPolicy: 'Local' });
  expect(service({ type: ServiceType.NODE_PORT, externalTrafficPolicy: 'Cluster' }).spec).toMatchObject({ type: 'NodePort', externalTrafficPolicy: 'Cluster' });
});

test('a patch in the wire\'s spelling arrives', () => {
  const scope = chart();
  new Service(scope, 'Shop', { ports: [http] }).apiObject.addJsonPatch(JsonPatch.add('/spec/trafficDistribution', 'PreferClose'));
  expect(only(synthesized(scope), 'Service').spec.trafficDistribution).toBe('PreferClose');
});

describe('refuses', () => {
  const refused = (props: Partial<platform.ServiceProps>) => expect(() => new Service(chart(), 'Shop', { ports: [http], ...props }));

  test('no port, a port out of range, and a target out of range', () => {
    refused({ ports: [] }).toThrow('Service web/shop: a Service needs at least one port');
    for (const port of [0, -1, 65536, 80.5, NaN]) {
      refused({ ports: [{ ...http, port }] }).toThrow(`Service web/shop: port must be a whole number from 1 to 65535, got ${port}`);
    }
    refused({ ports: [{ ...http, targetPort: 0 }] }).toThrow('targetPort must be a whole number from 1 to 65535, got 0');
    refused({ ports: [{ ...http, targetPort: '' }] }).toThrow('port http: targetPort must be a number or the name of a container port');
    refused({ ports: [{ ...http, targetPort: 'Web' }] }).toThrow('got "Web"');
    refused({ ports: [{ ...http, port: 65535, targetPort: 1 }] }).not.toThrow();
  });

  test('a name that is none, and a name or port given twice', () => {
    refused({ ports: [{ name: '', port: 80 }] }).toThrow('port 80: name must be a DNS label, got ""');
    refused({ ports: [{ name: 'HTTP', port: 80 }] }).toThrow('got "HTTP"');
    refused({ ports: [http, { name: 'http', port: 81 }] }).toThrow('port http is given twice');
    refused({ ports: [http, { name: 'other', port: 80 }] }).toThrow('port 80/TCP is given twice');
    refused({ name: '1shop' }).toThrow('Service web/1shop: name must be lower-case letters, digits and "-", beginning with a letter');
  });

  test('what does not go together', () => {
    refused({ headless: true, type: ServiceType.NODE_PORT }).toThrow('a headless Service is of type ClusterIP, got NodePort; leave `headless` or `type` out');
    refused({ headless: true, type: ServiceType.CLUSTER_IP }).not.toThrow();
    refused({ loadBalancerClass: 'x/y' }).toThrow('loadBalancerClass goes with type LoadBalancer, the type is ClusterIP');
    refused({ externalTrafficPolicy: 'Local' }).toThrow('externalTrafficPolicy goes with type NodePort or LoadBalancer, the type is ClusterIP');
    refused({ type: ServiceType.LOAD_BALANCER, externalTrafficPolicy: 'local' }).toThrow('externalTrafficPolicy is Local or Cluster, got "local"');
  });
});
