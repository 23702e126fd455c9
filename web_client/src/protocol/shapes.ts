/** The shapes of PROTOCOL.md, as the hub sends them. */

export type SchoolShape = 'circle' | 'square' | 'triangle' | 'hexagon' | 'drop' | 'star';
export type Act = 'read' | 'chat' | 'write' | 'moderate' | 'answer' | 'create' | 'build' | 'meet' | 'snapshot';
export type UserKind = 'teacher' | 'pupil';
export type Role = 'founder' | 'teacher' | 'pupil' | 'visitor';
export type ContentKind = 'document' | 'wall' | 'form';

export interface School {
  id: string;
  name: string;
  city: string;
  country: string;
  shape: SchoolShape;
}

export interface User {
  id: string;
  name: string;
  display_name: string;
  kind: UserKind;
  language: string;
  school: School;
}

export interface Member {
  user_id: string;
  display_name: string;
  kind: UserKind;
  role: Role;
  school_id: string;
  online: boolean;
}

export interface Room {
  id: string;
  twinspace_id: string;
  title: string;
  peer_count: number;
}

export interface Twinspace {
  id: string;
  title: string;
  summary: string;
  role: Role;
  schools: School[];
}

export interface TwinspaceDetail extends Twinspace {
  acts: Act[];
  members: Member[];
  rooms: Room[];
  project: { id: string; title: string; summary: string };
}

export interface Content {
  id: string;
  twinspace_id: string;
  kind: ContentKind;
  title: string;
  created_by: string;
  created_at_ms: number;
  changed_at_ms: number;
}

export interface Message {
  seq: number;
  twinspace_id: string;
  client_message_id: string;
  user_id: string;
  display_name: string;
  school_id: string;
  text: string;
  posted_at_ms: number;
}

export interface Snapshot {
  id: string;
  twinspace_id: string;
  seq: number;
  parent: string | null;
  tree: string;
  title: string;
  cause: string;
  taken_by: string;
  taken_at_ms: number;
  content_count: number;
}

export interface SnapshotContent {
  content_id: string;
  kind: ContentKind;
  title: string;
}

export interface JournalEntry {
  seq: number;
  verb: string;
  user_id: string | null;
  display_name: string | null;
  subject_id: string | null;
  details: Record<string, unknown>;
  happened_at_ms: number;
}

export interface ClassCard {
  display_name: string;
  words: string;
  qr_svg: string;
  sign_in_url: string;
}

export interface Card {
  id: string;
  title: string;
  text: string;
  tint: 1 | 2 | 3 | 4 | 5 | 6;
  author_id: string;
  author_name: string;
  school_id: string;
  position: string;
  created_at_ms: number;
  changed_at_ms: number;
}

export type QuestionType = 'short_text' | 'long_text' | 'single_choice' | 'multiple_choice' | 'scale' | 'faces';

export interface Question {
  id: string;
  type: QuestionType;
  label: string;
  required: boolean;
  options?: { id: string; label: string }[];
  min?: number;
  max?: number;
}

export type Answer = string | string[] | number;

export interface Form {
  content_id: string;
  version: number;
  title: string;
  questions: Question[];
  published_at_ms: number;
  my_answers: Record<string, Answer> | null;
  response_count: number;
}

export interface QuestionResult {
  id: string;
  type: QuestionType;
  label: string;
  counts?: { value: string | number; label: string; total: number; by_school: Record<string, number> }[];
  texts?: string[];
  mean?: number;
}

export interface Results {
  content_id: string;
  version: number;
  response_count: number;
  questions: QuestionResult[];
}

export type TrackSource = 'microphone' | 'camera' | 'screen' | 'screen_audio';

export interface Track {
  track_id: string;
  kind: 'audio' | 'video';
  source: TrackSource;
  muted: boolean;
}

export interface Peer {
  peer_id: string;
  user_id: string;
  display_name: string;
  school_id: string;
  tracks: Track[];
}

export type SessionEndReason = 'signed_out' | 'removed' | 'key_reset' | 'expired';

/** Announcement name → payload (PROTOCOL.md, Socket.IO). */
export interface Announcements {
  'member:online': { twinspace_id: string; user_id: string };
  'member:offline': { twinspace_id: string; user_id: string };
  'chat:posted': Message;
  'content:created': Content;
  'content:changed': Content;
  'form:published': { content_id: string; version: number };
  'form:answered': { content_id: string; version: number; response_count: number };
  'snapshot:taken': Snapshot;
  'journal:recorded': JournalEntry & { twinspace_id: string };
  'room:peer_joined': { room_id: string; peer: Peer };
  'room:peer_left': { room_id: string; peer_id: string };
  'room:published': { room_id: string; peer_id: string; track: Track };
  'room:unpublished': { room_id: string; peer_id: string; track: Track };
  'room:muted': { room_id: string; peer_id: string; track: Track };
  'room:reset': { room_id: string };
  'session:ended': { reason: SessionEndReason };
}
