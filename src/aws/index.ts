export * from './alb-backend';
export * from './alb-condition';
export * from './alb-ingress';
export * from './alb-settings';
export * from './nlb-settings';
