import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { precompress } from './scripts/precompress.ts';

const hub = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte(), precompress()],
  build: {
    outDir: '../hub/static',
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      '/api': hub,
      '/whip': hub,
      '/whep': hub,
      '/socket.io': { target: hub, ws: true },
      '/yjs': { target: hub, ws: true },
      '/collab': { target: hub, ws: true },
    },
  },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  test: {
    environment: 'node',
    include: ['tests/**/*.test.ts', 'src/**/*.test.ts'],
  },
});
