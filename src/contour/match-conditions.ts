import { HeaderCondition } from './header-condition';
import { QueryCondition } from './query-condition';
import type {
  HttpProxySpecRoutesConditions, HttpProxySpecRoutesConditionsHeader, HttpProxySpecRoutesConditionsQueryParameter,
} from '../../imports/projectcontour.io';

/** The path of one route, as Contour writes it. */
export interface WirePath {
  readonly prefix?: string;
  readonly exact?: string;
  readonly regex?: string;
}

/**
 * The conditions of a route in the order that Contour needs: it takes the kind of path match from the last entry, so a
 * path that is not the last becomes a prefix.
 */
export function renderConditions(
  path: WirePath | undefined, headers: HttpProxySpecRoutesConditionsHeader[], query: HttpProxySpecRoutesConditionsQueryParameter[],
): HttpProxySpecRoutesConditions[] {
  return [
    ...headers.map((header) => ({ header })),
    ...query.map((queryParameter) => ({ queryParameter })),
    ...(path ? [path] : []),
  ];
}

/** The same text for conditions that fit the same requests, in whatever order they are given. */
export function conditionKey(conditions: HttpProxySpecRoutesConditions[]): string {
  if (conditions.length === 1 && !conditions[0]!.header) return JSON.stringify(conditions[0]);
  return conditions
    .map((condition) => (condition.header ? { header: { ...condition.header, name: condition.header.name.toLowerCase() } } : condition))
    .map((condition) => JSON.stringify(condition))
    .sort()
    .join();
}

/** What a condition asks for, what would exclude it, and what to say then. */
type Demand = [demand: string, excludedBy: string, problem: string];

/** Says which two conditions can never hold together, or undefined if all can: Contour refuses such a route. */
export function contradiction(headers: HeaderCondition[], query: QueryCondition[]): string | undefined {
  if (headers.length + query.length < 2) return undefined;
  const demands = new Set<string>();
  for (const [demand, excludedBy, problem] of [...headers.flatMap(headerDemands), ...query.flatMap(queryDemands)]) {
    if (demands.has(excludedBy)) return problem;
    demands.add(demand);
  }
  return undefined;
}

function headerDemands(condition: HeaderCondition): Demand[] {
  const { name, present, notpresent, exact, notexact, contains, notcontains } = condition._render();
  const key = `header ${name.toLowerCase()}`;
  const demands: Demand[] = [];
  if (present) demands.push([`${key} is there`, `${key} is absent`, `header "${name}" cannot be both present and absent`]);
  if (notpresent) demands.push([`${key} is absent`, `${key} is there`, `header "${name}" cannot be both present and absent`]);
  if (exact !== undefined) {
    demands.push([`${key} has one value`, `${key} has one value`, `header "${name}" cannot have two values`]);
    demands.push([`${key} = ${exact}`, `${key} != ${exact}`, `header "${name}" cannot both be "${exact}" and another`]);
  }
  if (notexact !== undefined) demands.push([`${key} != ${notexact}`, `${key} = ${notexact}`, `header "${name}" cannot both be "${notexact}" and another`]);
  if (contains !== undefined) demands.push([`${key} has ${contains}`, `${key} lacks ${contains}`, `header "${name}" cannot both hold and lack "${contains}"`]);
  if (notcontains !== undefined) {
    demands.push([`${key} lacks ${notcontains}`, `${key} has ${notcontains}`, `header "${name}" cannot both hold and lack "${notcontains}"`]);
  }
  return demands;
}

function queryDemands(condition: QueryCondition): Demand[] {
  const { name, exact } = condition._render();
  return exact === undefined ? [] : [[`query ${name}`, `query ${name}`, `query parameter "${name}" cannot have two values`]];
}
