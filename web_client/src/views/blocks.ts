import type { DrawnBlock } from '../content/whiteboard/kept_thing';
import type { Card, CardPoll, Comment, Question, RubricWords } from '../protocol/shapes';

/** The block model of a kept content (crdt_docs/SPEC.md): what a content looked like, without its editor. */
export interface Span {
  text: string;
  marks?: string[];
  link?: string;
}

type KeptComment = Pick<Comment, 'id' | 'text'> & Partial<Pick<Comment, 'author_id' | 'author_name' | 'school_id'>>;

/** A card as it is kept or shown outside: without what its readers don't get. */
export type KeptCard = { type: 'card'; id: string; title: string; text: string; tint: number } & Partial<
  Pick<
    Card,
    | 'kind'
    | 'author_id'
    | 'alt'
    | 'url'
    | 'drawing'
    | 'options'
    | 'file_name'
    | 'media_type'
    | 'size_bytes'
    | 'width'
    | 'height'
    | 'target_kind'
    | 'target_id'
  >
> & {
    /** Where its picture, recording or file is; null or missing: it is not shown. */
    file_url?: string | null;
    preview_url?: string | null;
    counts?: CardPoll['counts'];
    comments?: KeptComment[];
  };

/** A rubric as it was kept; what was said to it while it was negotiated is for members alone. */
export type KeptRubric = RubricWords & {
  comments?: (Pick<Comment, 'id' | 'text' | 'author_id' | 'author_name' | 'school_id' | 'created_at_ms'> & {
    criterion_id: string;
    level_id: string | null;
  })[];
};

export type Block =
  | { type: 'paragraph'; spans: Span[] }
  | { type: 'heading'; level: number; spans: Span[] }
  | { type: 'list'; ordered: boolean; start?: number; items: Block[][] }
  | { type: 'quote'; blocks: Block[] }
  | { type: 'code'; language: string; text: string }
  | { type: 'rule' }
  | KeptCard
  | { type: 'question'; question: Question }
  | ({ type: 'rubric' } & KeptRubric)
  | DrawnBlock;

/** The address when it is one that can only be looked at: people write links, so nothing else may become one. */
export function safeLink(address: string | undefined): string | null {
  if (!address || !URL.canParse(address)) return null;
  return ['http:', 'https:', 'mailto:'].includes(new URL(address).protocol) ? address : null;
}

/** True when a content held nothing that can be seen. */
export function isBlank(blocks: readonly Block[]): boolean {
  return blocks.every((block) => block.type === 'paragraph' && block.spans.every((span) => !span.text.trim()));
}
