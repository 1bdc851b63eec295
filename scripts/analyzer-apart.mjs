// What asks AWS, with AWS's SDK, is a bundle of its own beside the others, loaded when somebody asks: whoever imports
// `server/src/analyzer/main.ts` while it runs requires `analyzer.js`.

/** A plugin of esbuild. */
export const analyzerApart = {
  name: 'analyzer-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/analyzer\/main\.ts$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './analyzer.js', external: true } : undefined,
    );
  },
};
