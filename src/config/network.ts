import * as z from 'zod/mini';
import { PATH, registry, text } from './fields.ts';
import { described, listOf, mapping } from './shapes.ts';

const PROXY =
  'write the URL of a proxy, such as http://squid.example.com:3128, with a password in no other form than a variable, or "" for none';
const proxyUrl = text(PROXY, String.raw`^(?:|\$\S+|https?:\/\/(?![^\s\/$]*@)[^\s\/]\S*)$`);

const unproxied = text(
  'write a host, a domain such as .example.com, or a range of addresses',
  String.raw`^[^\s,]+$`,
);

/** Docker Hub has one name here: builders know it under different ones. */
const mirrored = text(
  'write the host of a registry as references name it, such as quay.io, and docker.io for Docker Hub',
  String.raw`^(?!(?:index|registry-1)\.docker\.io$)[A-Za-z0-9][\w.\-]*(?::\d+)?$`,
);

/** How a build gets at other hosts. None of it is an input: the same image comes by another way. */
export const network = {
  proxy: described(
    z.exactOptional(
      mapping('write a mapping with http, https or no', {
        http: described(z.exactOptional(proxyUrl), 'URL of the proxy for http://.'),
        https: described(z.exactOptional(proxyUrl), 'URL of the proxy for https://.'),
        no: described(z.exactOptional(listOf(unproxied, 'hosts')), 'Hosts and domains without a proxy.'),
      }),
    ),
    'Proxies of the builder, and of what RUN runs; no part of the image. GitLab expands variables in them.',
  ),
  certificates: described(
    z.exactOptional(
      text(
        'write a variable such as $CI_SERVER_TLS_CA_FILE, or the path of a file relative to the repository root',
        String.raw`^(?:\$[A-Za-z_]\w*|(?!\$)${PATH})$`,
      ),
    ),
    'Certificate authorities that the builder trusts too, in PEM: a variable that holds them or the path of their file, or a file of this repository. What RUN runs does not know them.',
  ),
  mirrors: described(
    z.exactOptional(
      z.record(mirrored, listOf(registry, 'mirrors'), {
        error: 'write a mapping of registries to lists of mirrors',
      }),
    ),
    'Registry to its mirrors, <host> or <host>/<path>, which are asked first, in turn. Docker Hub is docker.io.',
  ),
};
