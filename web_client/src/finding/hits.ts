import { t, type Key } from '../catalogue';
import type { ContentKind, Hit, HitKind } from '../protocol/shapes';
import { paths } from '../routes';

const HEADINGS: Record<HitKind, Key> = {
  content: 'hits_content',
  page: 'hits_page',
  file: 'hits_file',
  message: 'hits_message',
  caption: 'hits_caption',
  journal: 'hits_journal',
  thread: 'hits_thread',
  debate: 'hits_debate',
  resource: 'hits_resource',
  question: 'hits_question',
  profile: 'hits_profile',
  idea: 'hits_idea',
};

export const headingOf = (kind: HitKind): string => t(HEADINGS[kind]);

/** Where the thing itself is. */
export function pathOf(hit: Hit): string {
  const space = hit.twinspace_id ?? '';
  switch (hit.kind) {
    case 'content':
      return paths.content({ twinspace_id: space, kind: hit.place as ContentKind, id: hit.id });
    case 'message':
      return paths.talk(space);
    case 'caption':
      return paths.transcript(space, hit.place);
    case 'file':
      return paths.materials(space);
    case 'journal':
      return paths.timeline(space);
    case 'thread':
      return space ? paths.thread(space, hit.place) : paths.staffThread(hit.place);
    case 'debate':
      return paths.debate(space, hit.id);
    case 'resource':
      return paths.shelf;
    case 'question':
      return paths.help;
    case 'profile':
      return paths.person(hit.id);
    case 'idea':
      return paths.partners;
    default:
      return space ? paths.home(space) : paths.desk;
  }
}
