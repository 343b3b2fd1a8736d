import { type FakeAnswer, refusal, Refused } from './answer.ts';

/** Which headers tell of the next page: a proxy may drop some. */
export type PageHeaders = 'both' | 'link' | 'x-next-page';

/**
 * One page of a list, as GitLab cuts it: by `page` and `per_page`, 20 where absent and `maxPerPage` at most; what may not be read is
 * left out of the page afterwards, so that a page may be short, or empty, and not the last
 * (lib/gitlab/pagination/offset_header_builder.rb).
 */
export function pageOf<Item>(
  items: readonly Item[],
  options: {
    url: URL;
    isReadable: (item: Item) => boolean;
    show: (item: Item) => unknown;
    headers: PageHeaders;
    maxPerPage: number;
  },
): FakeAnswer {
  const { url, headers } = options;
  const page = numberIn(url, 'page', 1);
  const perPage = Math.min(options.maxPerPage, numberIn(url, 'per_page', 20));
  const pages = Math.max(1, Math.ceil(items.length / perPage));
  const next = page < pages ? String(page + 1) : '';
  const link = (target: number, rel: string) => {
    const address = new URL(url);
    address.searchParams.set('page', String(target));
    return `<${address.href}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(next === '' ? [] : [link(page + 1, 'next')]),
    link(1, 'first'),
    link(pages, 'last'),
  ];
  return {
    status: 200,
    headers: {
      'x-page': String(page),
      'x-per-page': String(perPage),
      ...(headers === 'link' ? {} : { 'x-next-page': next, 'x-prev-page': page > 1 ? String(page - 1) : '' }),
      ...(headers === 'x-next-page' ? {} : { link: links.join(', ') }),
      'x-total': String(items.length),
      'x-total-pages': String(pages),
    },
    body: items
      .slice((page - 1) * perPage, page * perPage)
      .filter((item) => options.isReadable(item))
      .map((item) => options.show(item)),
  };
}

function numberIn(url: URL, name: string, absent: number): number {
  const value = url.searchParams.get(name);
  if (value === null) return absent;
  if (!/^[1-9]\d*$/.test(value)) throw new Refused(refusal(400, `Bad request - ${name} is invalid`));
  return Number(value);
}
