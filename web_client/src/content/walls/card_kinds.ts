import ChartNoAxesColumn from '@lucide/svelte/icons/chart-no-axes-column';
import File from '@lucide/svelte/icons/file';
import FileText from '@lucide/svelte/icons/file-text';
import Image from '@lucide/svelte/icons/image';
import Link from '@lucide/svelte/icons/link';
import Mic from '@lucide/svelte/icons/mic';
import Pencil from '@lucide/svelte/icons/pencil';
import Signpost from '@lucide/svelte/icons/signpost';

/** What a card can hold, in the order in which it is offered. */
export const CARD_KINDS = [
  { kind: 'text', word: 'card_of_text', icon: FileText },
  { kind: 'image', word: 'card_of_image', icon: Image },
  { kind: 'audio', word: 'card_of_audio', icon: Mic },
  { kind: 'drawing', word: 'card_of_drawing', icon: Pencil },
  { kind: 'file', word: 'card_of_file', icon: File },
  { kind: 'link', word: 'card_of_link', icon: Link },
  { kind: 'pointer', word: 'card_of_pointer', icon: Signpost },
  { kind: 'poll', word: 'card_of_poll', icon: ChartNoAxesColumn },
] as const;
