import { PathTest } from '../../network/match';
import { Route } from '../../network/route-table';

/** Leaves out redirects to where the request already is. What the controller leaves out behind a wider redirect is never reached anyway. */
export function optimize(listener: { readonly port: number; readonly secure: boolean; readonly routes: Route[] }): void {
  const kept = listener.routes.filter((route) => !leadsBack(route, listener.port, listener.secure));
  listener.routes.splice(0, listener.routes.length, ...kept);
}

function leadsBack(route: Route, port: number, secure: boolean): boolean {
  const { action } = route;
  if (action.kind !== 'redirect') return false;
  const hosts = route.match.values.filter((test) => test.of === 'host').flatMap((test) => test.values ?? []);
  const path = action.path?.kind === 'replacePath' ? action.path.path : undefined;
  return (action.host === undefined || hosts.includes(action.host))
    && (action.path === undefined || (path !== undefined && patterns(route.match.path).includes(path)))
    && (action.port === 'keep' || action.port === port)
    && (action.scheme === undefined || action.scheme === (secure ? 'https' : 'http'))
    && action.query === undefined;
}

function patterns(test: PathTest): string[] {
  switch (test.kind) {
    case 'glob': return [test.pattern];
    case 'exact': return [test.path];
    case 'prefix': return [`${test.prefix}*`];
    case 'oneOf': return test.tests.flatMap(patterns);
    default: return [];
  }
}
