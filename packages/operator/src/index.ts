/** The public face of the operator's side. What is exported is promised. */
export { DEFAULT_LISTEN, isLoopback, parseListen, urlOf, type ListenAddress } from './listen-address.js';
export { Operator, type OperatorOptions } from './operator.js';
export { RecentLogs, type LogQuery, type LogRecord } from './recent-logs.js';
export { fixedToken, NO_TOKENS, TokenFile, type Tokens } from './tokens.js';
