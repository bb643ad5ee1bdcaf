/** Style sheets are for the builder. */
declare module '*.css';
