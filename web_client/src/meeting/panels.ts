import CaptionsIcon from '@lucide/svelte/icons/captions';
import Hand from '@lucide/svelte/icons/hand';
import Keyboard from '@lucide/svelte/icons/keyboard';
import MessageSquare from '@lucide/svelte/icons/message-square';
import Users from '@lucide/svelte/icons/users';
import Vote from '@lucide/svelte/icons/vote';
import type { Component } from 'svelte';
import { may } from '../app_state.svelte';
import { t, type Key } from '../catalogue';
import CaptionsPanel from '../captions/captions_panel.svelte';
import { beside } from '../chat/beside.svelte';
import ChatPanel from '../chat/chat_panel.svelte';
import LiveTextPanel from '../chat/live_text_panel.svelte';
import PollsPanel from '../polls/polls_panel.svelte';
import { peopleCount } from './class_seats.svelte.js';
import { hands } from './hands.svelte.js';
import HandsPanel from './hands_panel.svelte';
import PeoplePanel from './people_panel.svelte';
import { roomRules } from './room_rules.svelte.js';

export interface Panel {
  /** Also the key under which a panel is opened: `sidePanel.show('people')`. */
  id: string;
  title: Key;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  icon: Component<any>;
  /** What is in it, given `twinspaceId` and `roomId`; the frame brings heading and tabs, and closes it. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  component: Component<any>;
  /** Left out: everybody in the meeting. */
  may?: () => boolean;
  /** What has come since it was looked at last; the tab and the dock show it. */
  unread?: () => number;
  /** The key that opens and closes it. */
  key?: string;
  /** The dock has a button of its own for it; others are in the menu "More". */
  inDock?: boolean;
  /** On a phone, whose dock is one row, too. */
  inShortDock?: boolean;
  /** What that button says instead of the title. */
  dockWords?: () => string;
}

/** What can stand beside the meeting, one at a time. A new one is a component and a line here. */
export const PANELS: readonly Panel[] = [
  {
    id: 'people',
    title: 'call_who_is_inside',
    icon: Users,
    component: PeoplePanel,
    key: 'p',
    inDock: true,
    unread: () => (may('moderate') ? (roomRules.lobby?.count ?? 0) : 0),
    dockWords: () => t('call_people', { count: peopleCount() }),
  },
  {
    id: 'hands',
    title: 'hands',
    icon: Hand,
    component: HandsPanel,
    unread: () => (may('moderate') ? (hands.told?.hands.length ?? 0) : 0),
    // Who leads looks at the queue; the others' dock has their own hand in its place.
    get inDock() {
      return may('moderate');
    },
    inShortDock: true,
  },
  {
    id: 'chat',
    title: 'lesson_chat',
    icon: MessageSquare,
    component: ChatPanel,
    unread: () => beside.unread,
    key: 't',
    inDock: true,
    inShortDock: true,
  },
  {
    id: 'live_text',
    title: 'rtt_heading',
    icon: Keyboard,
    component: LiveTextPanel,
    unread: () => beside.writing,
    key: 'w',
  },
  { id: 'captions', title: 'captions', icon: CaptionsIcon, component: CaptionsPanel },
  { id: 'polls', title: 'poll_title', icon: Vote, component: PollsPanel },
];

/** Whether the dock, which may be a phone's, has a button for it. */
export const hasDockButton = ({ inDock = false, inShortDock = false }: Panel, short: boolean): boolean =>
  inDock && (inShortDock || !short);

/** Those that are open to this person. */
export const panelsNow = (): readonly Panel[] => PANELS.filter(({ may }) => may?.() ?? true);
