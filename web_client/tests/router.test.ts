import { describe, expect, it } from 'vitest';
import { fit } from '../src/router';
import { matchRoute, paths, ROUTES } from '../src/routes';

describe('fit', () => {
  it('reads the parameters of a path', () => {
    expect(fit('/s/:twinspaceId/doc/:contentId', '/s/abc/doc/d%201')).toEqual({ twinspaceId: 'abc', contentId: 'd 1' });
  });

  it.each([
    ['/s/:id', '/s/'],
    ['/s/:id', '/s'],
    ['/s/:id', '/s/a/b'],
    ['/s/:id', '/t/a'],
    ['/s/:id', '/s/%E0%A4%A'],
  ])('%s does not take %s', (pattern, path) => {
    expect(fit(pattern, path)).toBeNull();
  });

  it('forgives a slash at the end', () => {
    expect(fit('/desk', '/desk/')).toEqual({});
  });
});

describe('routes', () => {
  const content = { twinspace_id: 't', id: 'c' };

  it.each([
    [paths.signIn, 'sign_in'],
    [paths.desk, 'desk'],
    [paths.home('t'), 'home'],
    [paths.work('t'), 'work'],
    [paths.talk('t'), 'talk'],
    [paths.people('t'), 'people'],
    [paths.timeline('t'), 'timeline'],
    [paths.snapshot('t', 's'), 'snapshot'],
    [paths.snapshotContent('t', 's', 'c'), 'snapshot_content'],
    [paths.room('t', 'r'), 'room'],
    [paths.content({ ...content, kind: 'document' }), 'document'],
    [paths.content({ ...content, kind: 'wall' }), 'wall'],
    [paths.content({ ...content, kind: 'form' }), 'form'],
    ['/s/t/form/c/build', 'form_build'],
    ['/s/t/form/c/results', 'form_results'],
    ['/somewhere/else', 'not_found'],
  ])('%s shows %s', (path, name) => {
    expect(matchRoute(path).route.name).toBe(name);
  });

  it('gives each view the properties it asks for', () => {
    const { route, params } = matchRoute('/s/t/form/c/build');
    expect(route.props?.(params)).toEqual({ twinspaceId: 't', contentId: 'c' });
  });

  it('has a name of its own for each page', () => {
    expect(new Set(ROUTES.map((route) => route.name)).size).toBe(ROUTES.length);
  });
});
