/** How much a person wants to be asked. `video`: as the article and its video do. */
export type SetUp = { readonly kind: 'recommended' | 'everything' | 'video' };
