import { t } from '../../catalogue';
import type { Assessment, AssessmentLine, ContentKind, GivenRating, Pin } from '../../protocol/shapes';
import { paths } from '../../routes';

/** Where a thing that shows something is opened; null for what is not open to the reader. */
export function pinPath(
  twinspaceId: string,
  pin: Pick<Pin, 'kind' | 'id' | 'part_id' | 'content_kind' | 'passage'>,
): string | null {
  const { kind, id, part_id: partId, content_kind: contentKind } = pin;
  if (!id) return null;
  if (kind === 'material') return paths.materials(twinspaceId);
  if (kind === 'snapshot') return paths.snapshotContent(twinspaceId, id, partId ?? '');
  const path = paths.content({ twinspace_id: twinspaceId, kind: (contentKind ?? 'document') as ContentKind, id });
  return pin.passage ? `${path}#passage=${pin.passage.start}.${pin.passage.end}` : path;
}

export const assessmentPath = ({ twinspace_id, rubric_id, id }: AssessmentLine): string =>
  `${paths.content({ twinspace_id, kind: 'rubric', id: rubric_id })}/assess/${id}`;

/** What somebody still has to do with it, in a few words. */
export function assessmentState(line: AssessmentLine): string {
  if (line.is_shown) return t('assess_state_shown');
  if (line.i_assess && !line.i_sent) return t('assess_state_yours');
  return t('assess_state_waiting');
}

/** Who said it, by name or by what they are; classmates without names are numbered. */
export function raterName(assessment: Assessment, rating: GivenRating): string {
  if (rating.is_mine) return t('assess_by_me');
  if (rating.display_name) return rating.display_name;
  const nameless = assessment.given.filter((each) => each.by === 'peer' && !each.display_name && !each.is_mine);
  return t('assess_by_classmate', { number: nameless.indexOf(rating) + 1 });
}

/** Oneself first, then teachers, then classmates. */
export function sideBySide({ given }: Assessment): GivenRating[] {
  const order = ['self', 'teacher', 'peer'];
  return [...given].sort((a, b) => order.indexOf(a.by) - order.indexOf(b.by));
}

/** The last second of a day (`2026-11-23`), where the person is. */
export const endOfDay = (date: string): number => new Date(`${date}T23:59:59`).getTime();
