/** A record cannot be mapped. The message names the place in the record, and never what stands there. */
export class MappingError extends Error {
  override readonly name = 'MappingError';
}
