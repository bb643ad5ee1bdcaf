export { defineKind, type KindParts } from './define-kind.js';
export { httpUrl, label } from './schemas.js';
export { z } from 'zod';
