/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
  // A measurement builds beside the pages that are served, never over them.
  distDir: process.env.BUILD_DIR || '.next',
  // Addresses of event streams carry bearer tokens, which don't belong into a log.
  logging: { incomingRequests: false },
  images: { unoptimized: true },
  // react-three-fiber and React share one scheduler, as they share one React.
  turbopack: { resolveAlias: { scheduler: 'next/dist/compiled/scheduler' } },
  experimental: {
    turbopackCjsTreeShaking: true,
    // Each start would read 15 MB of them.
    serverSourceMaps: false,
    // React and the router are one file for all pages, and what joining takes is another. A scene's libraries, which are
    // larger, stay apart from what uses them, so that they are loaded once.
    turbopackChunking: { minChunkSize: 800_000, maxMergeChunkSize: 800_000 },
    // Links between the pages are few and none is prefetched: what the router would do for them is left out.
    optimisticRouting: false,
    varyParams: false,
    prefetchInlining: false,
  },
  // `npm run verify` runs the compiler over the whole repository; a build need not do it twice.
  typescript: { ignoreBuildErrors: true },
};

export default config;
