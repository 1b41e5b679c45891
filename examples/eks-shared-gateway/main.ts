import { platform } from './platform';
import { orders } from './team-orders';
import { users } from './team-users';

const site = {
  certificate: 'arn:aws:acm:ap-northeast-1:111122223333:certificate/0d4f6a1c-8f0e-4b7a-9a57-6f6f0f6c2b11',
  webAcl: 'arn:aws:wafv2:ap-northeast-1:111122223333:regional/webacl/edge/3b0c6f5e-2d1a-4c55-8c1f-9f3a1f0d7e42',
  repository: 'https://git.example.com/platform/clusters.git',
  // What the platform team tells the others.
  gateway: { name: 'istio-ingressgateway', namespace: 'istio-ingress', hosts: ['api.example.com'], allowedNamespaces: ['orders', 'users'] },
};

for (const app of [platform(site), orders(site.gateway), users(site.gateway)]) app.synth();
