import { t, type Key } from '../catalogue';
import type { ClassPicture } from '../protocol/schema';
import { clock } from './words';

type Level = NonNullable<ClassPicture['chat']>;

const LEVELS: Record<Level, Key> = {
  few: 'picture_nearly_none',
  some: 'picture_up_to_half',
  many: 'picture_over_half',
  most: 'picture_nearly_all',
};

/** What may be said of a school's part in a meeting, one sentence for each thing; what is about too few is left out. */
export function sentences(picture: ClassPicture): string[] {
  const said: string[] = [];
  const say = (words: Key, level: Level | null, ...more: (string | null)[]): void => {
    const parts = [level === null ? null : t(LEVELS[level]), ...more].filter((part) => part !== null);
    if (parts.length > 0) said.push(t('picture_sentence', { what: t(words), how: parts.join(', ') }));
  };
  const counted = (words: Key, count: number | null): string | null => (count === null ? null : t(words, { count }));
  const { hands_wait_ms, talk_percent, documents_percent } = picture;
  say('picture_talk', null, talk_percent === null ? null : t('picture_percent', { count: talk_percent }));
  say(
    'picture_hands',
    picture.hands,
    counted('picture_hands_raised', picture.hands_raised),
    counted('picture_hands_called', picture.hands_called),
    hands_wait_ms === null ? null : t('picture_wait', { time: clock(Math.round(hands_wait_ms / 1000)) }),
  );
  say('picture_chat', picture.chat, counted('picture_lines', picture.chat_lines));
  say('picture_polls', picture.polls);
  say(
    'picture_documents',
    picture.documents,
    documents_percent === null ? null : t('picture_percent', { count: documents_percent }),
  );
  return said;
}
