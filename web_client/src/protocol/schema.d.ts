/* Written by scripts/write_schema.mjs from the table in hub/protocol/. Do not edit. */

export interface Announcements {
  'account:changed': User;
  'assessment:changed': AssessmentChanged;
  'breakouts:called': CalledTeacher;
  'breakouts:changed': BreakoutsChanged;
  'breakouts:moved': Place;
  'breakouts:room': RoomSeen;
  'breakouts:told': ToldAll;
  'caption:desks': CaptionDesks;
  'caption:said': Caption;
  'chat:edited': Message;
  'chat:posted': Message;
  'chat:reacted': Reacted;
  'consent:changed': ConsentChanged;
  'content:changed': Content;
  'content:created': Content;
  'conversation:changed': Conversation;
  'conversation:hidden': LetterHidden;
  'conversation:left': ConversationGone;
  'conversation:posted': DirectMessage;
  'debate:changed': DebateChanged;
  'desk:changed': DeskChanged;
  'form:answered': FormAnswered;
  'form:published': FormPublished;
  'form:sheet': SheetChanged;
  'founding:changed': FoundingChanged;
  'held:changed': HeldChanged;
  'help:changed': HelpChanged;
  'item:hidden': ItemHidden;
  'journal:recorded': RecordedEntry;
  'lobby:admitted': LobbyMoved;
  'lobby:changed': LobbyTold;
  'lobby:rang': LobbyRang;
  'lobby:sent_back': LobbyMoved;
  'material:changed': Material;
  'meeting:recorded': MeetingRecorded;
  'member:changed': MemberChanged;
  'member:offline': Presence;
  'member:online': Presence;
  'notice:added': Notice;
  'notice:read': Unread;
  'pages:arranged': PagesArranged;
  'phase:changed': PhaseChanged;
  'plan:changed': PlanChanged;
  'poll:changed': PollChanged;
  'quiz:changed': QuizChanged;
  'report:answered': ReportChanged;
  'report:changed': ReportChanged;
  'room:called': Called;
  'room:changed': RoomChanged;
  'room:closing': RoomClosing;
  'room:counted': RoomCounted;
  'room:ended': RoomLeft;
  'room:hands': Hands;
  'room:key': KeyTold;
  'room:line': LineTold;
  'room:muted': TrackAnnounced;
  'room:peer_joined': PeerJoined;
  'room:peer_left': PeerLeft;
  'room:published': TrackAnnounced;
  'room:reacted': RoomReacted;
  'room:recording': RecordingState;
  'room:removed': RoomLeft;
  'room:reset': RoomReset;
  'room:rules': RoomState;
  'room:seats': SeatsChanged;
  'room:speaker': SpeakerTold;
  'room:unpublished': TrackAnnounced;
  'room:unseen': Unseen;
  'room:view': SharedView;
  'rubric:signed': RubricChanged;
  'rubric:talk': TalkBegun;
  'session:ended': SessionEnded;
  'snapshot:taken': Snapshot;
  'subject:changed': SubjectChanged;
  'text:ended': TextEnded;
  'text:typed': TextTyped;
  'text:whole': TextLine;
  'thread:changed': ThreadChanged;
  'wall:voted': WallVoted;
  'whiteboard:locked': BoardLocked;
}
export interface User {
  class_name: string;
  display_name: string;
  duties: string[];
  factors: ('code' | 'passkey')[];
  id: string;
  kind: 'teacher' | 'pupil' | 'staff' | 'guest';
  language: string;
  name: string;
  school: School;
  second_factor: 'off' | 'on' | 'ask' | 'set_up';
  state: 'unconfirmed' | 'waiting' | 'active' | 'refused' | 'closed';
}
export interface School {
  city: string;
  country: string;
  id: string;
  name: string;
  region: string;
  shape: string;
}
export interface AssessmentChanged {
  assessment_id: string;
  twinspace_id: string;
}
export interface CalledTeacher {
  breakouts_id: string;
  group_title: string;
  main_room_id: string;
  note: BreakoutNote;
  room_id: string;
  twinspace_id: string;
}
export interface BreakoutNote {
  answered_by: string | null;
  at_ms: number;
  display_name: string;
  group_id: string | null;
  id: string;
  kind: 'call' | 'broadcast';
  text: string;
  user_id: string;
}
export interface BreakoutsChanged {
  breakouts_id: string;
  closes_at_ms: number | null;
  now_ms: number;
  room_id: string;
  state: 'planned' | 'open' | 'closed';
  twinspace_id: string;
}
export interface Place {
  board_id: string | null;
  breakouts_id: string;
  closes_at_ms: number | null;
  document_id: string;
  group_id: string;
  group_title: string;
  main_room_id: string;
  now_ms: number;
  room_id: string;
  title: string;
  twinspace_id: string;
  wall_id: string;
}
export interface RoomSeen {
  board_edited_at_ms: number | null;
  breakouts_id: string;
  calls: BreakoutNote[];
  document_edited_at_ms: number | null;
  group_id: string;
  people: PersonInside[];
  room_id: string;
  speaker_peer_id: string | null;
  wall_edited_at_ms: number | null;
}
export interface PersonInside {
  display_name: string;
  listens: boolean;
  peer_id: string;
  school_id: string;
  user_id: string;
}
export interface ToldAll {
  breakouts_id: string;
  note: BreakoutNote;
}
export interface CaptionDesks {
  desks: CaptionDesk[];
  room_id: string;
}
export interface CaptionDesk {
  holder: string | null;
  language: string;
  mode: 'baton' | 'together';
  user_ids: string[];
}
export interface Caption {
  began_at_ms: number;
  display_name: string;
  ended_at_ms: number;
  language: string;
  line_id: string;
  room_id: string;
  seq: number;
  text: string;
  user_id: string;
}
export interface Message {
  client_message_id: string;
  display_name: string;
  edited_at_ms: number | null;
  is_hidden?: boolean;
  lane: string;
  material_ids: string[];
  mentions: string[];
  posted_at_ms: number;
  reactions: Reactions[];
  reply: Quote | null;
  school_id: string;
  seq: number;
  text: string;
  twinspace_id: string;
  user_id: string;
}
export interface Reactions {
  sign: 'thumbs_up' | 'heart' | 'laugh' | 'clap' | 'wow' | 'question';
  user_ids: string[];
}
export interface Quote {
  display_name: string;
  seq: number;
  text: string;
  user_id: string;
}
export interface Reacted {
  lane: string;
  reactions: Reactions[];
  seq: number;
  twinspace_id: string;
}
export interface ConsentChanged {
  allowed: (
    'account' | 'live_voice' | 'live_camera' | 'recording' | 'image_public' | 'first_name_to_partner' | 'external_tool'
  )[];
}
export interface Content {
  changed_at_ms: number;
  created_at_ms: number;
  created_by: string;
  id: string;
  is_slides?: boolean;
  kind: string;
  team_id: string | null;
  title: string;
  twinspace_id: string;
  visibility: 'me' | 'team' | 'school' | 'teachers' | 'twinspace' | 'families' | 'inspection' | 'public';
}
export interface Conversation {
  id: string;
  is_pair: boolean;
  latest: DirectMessage | null;
  people: Correspondent[];
  read_seq: number;
  title: string;
  unread: number;
}
export interface DirectMessage {
  client_message_id: string;
  conversation_id: string;
  display_name: string;
  is_hidden?: boolean;
  sent_at_ms: number;
  seq: number;
  text: string;
  user_id: string;
}
export interface Correspondent {
  display_name: string;
  school: School;
  user_id: string;
}
export interface LetterHidden {
  conversation_id: string;
  is_hidden: boolean;
  seq: number;
}
export interface ConversationGone {
  conversation_id: string;
}
export interface DebateChanged {
  debate_id: string;
  twinspace_id: string;
}
export interface DeskChanged {
  source: string;
}
export interface FormAnswered {
  content_id: string;
  response_count: number;
  version: number;
}
export interface FormPublished {
  content_id: string;
  version: number;
}
export interface SheetChanged {
  content_id: string;
  submitted: boolean;
  version: number;
}
export interface FoundingChanged {
  twinspace_id: string;
}
export interface HeldChanged {
  content_id: string;
  twinspace_id: string;
}
export interface HelpChanged {
  question_id: string;
}
export interface ItemHidden {
  item_id: string;
  twinspace_id: string;
}
export interface RecordedEntry {
  details: unknown;
  display_name: string | null;
  happened_at_ms: number;
  seq: number;
  subject_id: string | null;
  twinspace_id: string;
  user_id: string | null;
  verb: string;
}
export interface LobbyMoved {
  room_id: string;
}
export interface LobbyTold {
  count: number;
  first: WaitingPerson[];
  room_id: string;
  schools: WaitingSchool[];
}
export interface WaitingPerson {
  display_name: string;
  is_guest: boolean;
  pupil_count: number;
  school_id: string;
  since_ms: number;
  user_id: string;
}
export interface WaitingSchool {
  count: number;
  school_id: string;
}
export interface LobbyRang {
  count: number;
  display_name: string;
  room_id: string;
  school_id: string;
  twinspace_id: string;
  user_id: string;
}
export interface Material {
  alt: string;
  changed_at_ms: number;
  created_at_ms: number;
  created_by: string;
  display_name: string;
  faces: 'unsaid' | 'none' | 'named';
  file: StoredVersion | null;
  folder: string;
  happened_at_ms: number | null;
  id: string;
  is_address_withheld: boolean;
  is_captured: boolean;
  kind: 'file' | 'link' | 'entry';
  licence: string;
  pictured: string[];
  team_id: string | null;
  text: string;
  title: string;
  twinspace_id: string;
  url: string;
  visibility: 'me' | 'team' | 'school' | 'teachers' | 'twinspace' | 'families' | 'inspection' | 'public';
}
export interface StoredVersion {
  filename: string;
  has_preview: boolean;
  height: number;
  is_shown: boolean;
  media_type: string;
  size_bytes: number;
  uploaded_at_ms: number;
  uploaded_by: string;
  version: number;
  width: number;
}
export interface MeetingRecorded {
  held_id: string;
  room_id: string;
  twinspace_id: string;
}
export interface MemberChanged {
  role:
    | 'founder'
    | 'teacher'
    | 'librarian'
    | 'pupil_editor'
    | 'pupil'
    | 'head_teacher'
    | 'adviser'
    | 'lecturer'
    | 'expert'
    | 'ambassador'
    | 'inspector'
    | 'family'
    | 'visitor'
    | 'regional_staff'
    | 'national_staff'
    | 'central_staff';
  twinspace_id: string;
  user_id: string;
}
export interface Presence {
  twinspace_id: string;
  user_id: string;
}
export interface Notice {
  at_ms: number;
  details: {
    [k: string]: unknown | undefined;
  };
  is_read: boolean;
  kind: string;
  seq: number;
  subject_id: string;
  twinspace_id: string | null;
}
export interface Unread {
  unread_count: number;
}
export interface PagesArranged {
  twinspace_id: string;
}
export interface PhaseChanged {
  phase: 'founding' | 'withdrawn' | 'idea' | 'before' | 'during' | 'after' | 'closed' | 'archived';
  twinspace_id: string;
}
export interface PlanChanged {
  by: string;
  id: string;
  twinspace_id: string;
  what: 'activity' | 'meeting' | 'team' | 'calendar' | 'code';
}
export interface PollChanged {
  poll_id: string;
  twinspace_id: string;
}
export interface QuizChanged {
  quiz_id: string;
  twinspace_id: string;
}
export interface ReportChanged {
  report_id: string;
  state: 'open' | 'claimed' | 'answered';
  twinspace_id: string;
}
export interface Called {
  hand: RaisedHand;
  room_id: string;
}
export interface RaisedHand {
  id: string;
  name: string;
  pupil_id: string | null;
  raised_at_ms: number;
  school_id: string;
  user_id: string;
}
export interface RoomChanged {
  is_encrypted: boolean;
  room_id: string;
  twinspace_id: string;
}
export interface RoomClosing {
  room_id: string;
}
export interface RoomCounted {
  peer_count: number;
  room_id: string;
  twinspace_id: string;
}
export interface RoomLeft {
  room_id: string;
}
export interface Hands {
  hands: RaisedHand[];
  room_id: string;
  talk: SchoolTalk[];
}
export interface SchoolTalk {
  school_id: string;
  spoken_ms: number;
  turns: number;
}
export interface KeyTold {
  peer_id: string;
  room_id: string;
  sealed: string | null;
}
export interface LineTold {
  narrowed: boolean;
  paused: string[];
  room_id: string;
  sound_only: boolean;
}
export interface TrackAnnounced {
  peer_id: string;
  room_id: string;
  track: Track;
}
export interface Track {
  for_staff?: boolean;
  hold?: ('locked' | 'muted' | 'alone') | null;
  kind: 'audio' | 'video';
  language?: string;
  muted: boolean;
  source: 'microphone' | 'camera' | 'screen' | 'screen_audio' | 'interpreter';
  track_id: string;
}
export interface PeerJoined {
  peer: Peer;
  room_id: string;
}
export interface Peer {
  class_name?: string;
  class_size?: number | null;
  display_name: string;
  is_renamed?: boolean;
  leads?: boolean;
  listens?: boolean;
  peer_id: string;
  public_key: string | null;
  school_id: string;
  tracks: Track[];
  user_id: string;
}
export interface PeerLeft {
  peer_id: string;
  room_id: string;
}
export interface RoomReacted {
  reactions: PeerReaction[];
  room_id: string;
}
export interface PeerReaction {
  peer_id: string;
  reaction: 'clap' | 'heart' | 'laugh' | 'wow' | 'yes' | 'no';
}
export interface RecordingState {
  agreed_user_ids: string[];
  reason: ('stopped' | 'meeting_over' | 'time_over' | 'disk_full' | 'disk_slow' | 'disk_error' | 'interrupted') | null;
  recorded_user_ids: string[];
  revision: number;
  room_id: string;
  running: boolean;
  started_at_ms: number | null;
  started_by: string | null;
  unreadable_user_ids: string[];
}
export interface RoomReset {
  room_id: string;
}
export interface RoomState {
  exceptions: {
    [k: string]: string | undefined;
  };
  has_lobby: boolean;
  is_paused: boolean;
  locked: string[];
  mine: {
    [k: string]: ('locked' | 'muted' | 'alone') | undefined;
  };
  people: PersonRules[];
  revision: number;
  room_id: string;
}
export interface PersonRules {
  camera_to_staff: boolean;
  held: string[];
  interprets: string;
  is_removed: boolean;
  shown_name: string;
  user_id: string;
}
export interface SeatsChanged {
  room_id: string;
}
export interface SpeakerTold {
  peer_id: string | null;
  room_id: string;
}
export interface Unseen {
  room_id: string;
  user_id: string;
}
export interface SharedView {
  now_ms: number;
  opened: OpenedContent | null;
  revision: number;
  room_id: string;
  spotlight: string[];
  timer: Timer | null;
}
export interface OpenedContent {
  anchor: string;
  content_id: string;
  offset: number;
  opened_at_ms: number;
  presenter_id: string;
}
export interface Timer {
  ends_at_ms: number | null;
  left_ms: number;
  length_ms: number;
}
export interface RubricChanged {
  content_id: string;
  sealed: boolean;
}
export interface TalkBegun {
  content_id: string;
  talk_id: string;
}
export interface SessionEnded {
  reason: 'signed_out' | 'removed' | 'key_reset' | 'no_consent' | 'expired';
}
export interface Snapshot {
  cause: string;
  content_count: number;
  id: string;
  parent: string | null;
  seq: number;
  taken_at_ms: number;
  taken_by: string;
  title: string;
  tree: string;
  twinspace_id: string;
}
export interface SubjectChanged {
  is_hidden: boolean;
  kind: string;
  subject_id: string;
  twinspace_id: string;
}
export interface TextEnded {
  language: string;
  line_id: string;
  peer_id: string;
  room_id: string;
}
export interface TextTyped {
  at: number;
  display_name: string;
  inserted: string;
  language: string;
  line_id: string;
  peer_id: string;
  removed: number;
  revision: number;
  room_id: string;
  user_id: string;
}
export interface TextLine {
  display_name: string;
  language: string;
  line_id: string;
  peer_id: string;
  revision: number;
  room_id: string;
  text: string;
  user_id: string;
}
export interface ThreadChanged {
  post_count: number;
  thread_id: string;
  twinspace_id: string | null;
}
export interface WallVoted {
  content_id: string;
  twinspace_id: string;
}
export interface BoardLocked {
  content_id: string;
  is_locked: boolean;
  revision: number;
}
export interface AcceptCode {
  text_hash: string;
  twinspace_id: string;
}
export interface Activity {
  changes: Change[];
  content_ids: string[];
  created_by: string;
  ends_on: string;
  id: string;
  revision: number;
  starts_on: string;
  state: 'planned' | 'running' | 'done' | 'dropped';
  subjects: {
    [k: string]: string[] | undefined;
  };
  team_ids: string[];
  text: string;
  title: string;
  twinspace_id: string;
}
export interface Change {
  at_ms: number;
  display_name: string;
  fields: string[];
  revision: number;
  user_id: string;
}
export interface AddFreeDays {
  ends_on: string;
  starts_on: string;
  title: string;
  twinspace_id: string;
}
export interface AddMaterial {
  folder?: string;
  happened_at_ms?: number | null;
  kind: 'link' | 'entry';
  text?: string;
  title: string;
  twinspace_id: string;
  url?: string | '';
}
export interface AddPupils {
  role?: 'pupil' | 'pupil_editor';
  twinspace_id: string;
  /**
   * @minItems 1
   * @maxItems 60
   */
  user_ids: [string, ...string[]];
}
export interface AddResource {
  language: string;
  licence:
    | 'CC0-1.0'
    | 'CC-BY-4.0'
    | 'CC-BY-SA-4.0'
    | 'CC-BY-NC-4.0'
    | 'CC-BY-NC-SA-4.0'
    | 'EUPL-1.2'
    | 'MIT'
    | 'all_rights_reserved';
  link?: string;
  sort: 'good_practice' | 'article' | 'tool' | 'tutorial';
  /**
   * @maxItems 5
   */
  stages?:
    | []
    | ['early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational']
    | [
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational'
      ]
    | [
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational'
      ]
    | [
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational'
      ]
    | [
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational'
      ];
  /**
   * @maxItems 12
   */
  subjects?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string];
  text: string;
  title: string;
}
export interface Admit {
  room_id: string;
  school_id?: string | null;
  user_id?: string | null;
}
export interface Admitted {
  count: number;
}
export interface Amounts {
  by_school: {
    [k: string]: number | undefined;
  };
  greatest: number;
  least: number;
  mean: number;
}
export interface AnswerCall {
  breakouts_id: string;
  note_id: string;
}
export interface AnswerForm {
  answers: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[A-Za-z0-9_.:-]+$".
     */
    [k: string]:
      | string
      | number
      | string[]
      | {
          /**
           * This interface was referenced by `undefined`'s JSON-Schema definition
           * via the `patternProperty` "^[A-Za-z0-9_.:-]+$".
           */
          [k: string]: string;
        }
      | Drawing
      | null;
  };
  content_id: string;
  version: number;
}
export interface Drawing {
  /**
   * @maxItems 300
   */
  strokes: Stroke[];
}
export interface Stroke {
  /**
   * @maxItems 12000
   */
  points: number[];
  tint: number;
  width: number;
}
export interface AnswerReport {
  answer?: string;
  report_id: string;
  twinspace_id: string;
}
export interface Answered {
  marks?: QuizMark[] | null;
  new: boolean;
  response_count: number;
}
export interface QuizMark {
  feedback: string;
  feedback_in?: {
    [k: string]: string | undefined;
  };
  id: string;
  of: number;
  points: number;
  right: boolean;
}
export interface AppendUpload {
  checksum?: string | null;
  offset: number;
  upload_id: string;
}
export interface Approve {
  content_id: string;
  held_id: string;
  kind: 'card' | 'comment';
  revision: number;
}
export interface ApproveAll {
  /**
   * @minItems 1
   * @maxItems 200
   */
  held: [Approve, ...Approve[]];
  twinspace_id: string;
}
export interface ApprovedAll {
  approved: number;
  left: number;
}
export interface ArrangePages {
  /**
   * @maxItems 300
   */
  pages: PlacedPage[];
  revision: string;
  twinspace_id: string;
}
export interface PlacedPage {
  content_id: string;
  parent_id?: string | null;
}
export interface AskAgain {
  message: string;
}
export interface AskForPassword {
  email: string;
}
export interface AskInQuiz {
  place: number;
  quiz_id: string;
  room_id: string;
}
export interface AskQuestion {
  text: string;
  title: string;
}
export interface AskReopening {
  former: 'founding' | 'withdrawn' | 'idea' | 'before' | 'during' | 'after' | 'closed' | 'archived';
  twinspace_id: string;
}
export interface AskTurn {
  debate_id: string;
  side: 'for' | 'against';
}
export interface AssessedPerson {
  display_name: string;
  school_id: string;
  user_id: string;
}
export interface AssessmentDetail {
  assessed: AssessedPerson[];
  criteria: Criterion[];
  given: GivenRating[];
  i_am_assessed: boolean;
  i_assess: boolean;
  i_sent: boolean;
  i_watch: boolean;
  id: string;
  is_shown: boolean;
  levels: Option[];
  mine: OwnRating | null;
  progress: Progress[];
  reveal_at_ms: number | null;
  rubric_id: string;
  rubric_number: number;
  rubric_title: string;
  subject: SubjectOutput;
  title: string;
  twinspace_id: string;
}
export interface Criterion {
  cells: {
    [k: string]: string | undefined;
  };
  id: string;
  label: string;
}
export interface GivenRating {
  by: 'self' | 'peer' | 'teacher';
  display_name: string | null;
  evidence: Pin[];
  is_mine: boolean;
  levels: {
    [k: string]: string | undefined;
  };
  school_id: string | null;
  user_id: string | null;
  words: {
    [k: string]: string | undefined;
  };
}
export interface Pin {
  content_kind: string | null;
  criterion_id: string;
  id: string | null;
  kind: 'content' | 'card' | 'material' | 'snapshot';
  part_id: string | null;
  passage: Passage | null;
  title: string | null;
}
export interface Passage {
  end: string;
  is_there: boolean;
  start: string;
  words: string | null;
}
export interface Option {
  id: string;
  label: string;
}
export interface OwnRating {
  by: 'self' | 'peer' | 'teacher';
  evidence: Pin[];
  levels: {
    [k: string]: string | undefined;
  };
  sent_at_ms: number | null;
  words: {
    [k: string]: string | undefined;
  };
}
export interface Progress {
  by: 'self' | 'peer' | 'teacher';
  missing: string[];
  of: number;
  sent: number;
}
export interface SubjectOutput {
  content_kind: string | null;
  id: string | null;
  kind: 'content' | 'card' | 'material' | 'team' | 'member';
  part_id: string | null;
  title: string | null;
}
export interface AssessmentLine {
  assessed: AssessedPerson[];
  i_am_assessed: boolean;
  i_assess: boolean;
  i_sent: boolean;
  i_watch: boolean;
  id: string;
  is_shown: boolean;
  reveal_at_ms: number | null;
  rubric_id: string;
  rubric_number: number;
  rubric_title: string;
  subject: SubjectOutput;
  title: string;
  twinspace_id: string;
}
export interface AssessmentLines {
  assessments: AssessmentLine[];
}
export interface AssessmentRef {
  assessment_id: string;
}
export interface AssignPupil {
  breakouts_id: string;
  group_id: string;
  user_id: string;
}
export interface Attendance {
  hands: HandRaised[];
  held_id: string;
  people: PersonPresent[];
}
export interface HandRaised {
  display_name: string;
  raised_at_ms: number;
  school_id: string;
  user_id: string;
  waited_ms: number | null;
  was_called: boolean;
}
export interface PersonPresent {
  breaks: number;
  display_name: string;
  first_at_ms: number;
  last_at_ms: number;
  minutes: number;
  school_id: string;
  user_id: string;
}
export interface BeginAssessment {
  /**
   * @minItems 1
   * @maxItems 60
   */
  assessed_ids: [string, ...string[]];
  /**
   * @minItems 1
   * @maxItems 60
   */
  assessor_ids: [string, ...string[]];
  content_id: string;
  reveal_at_ms?: number | null;
  subject: SubjectRef;
  title: string;
}
export interface SubjectRef {
  id: string;
  kind: 'content' | 'card' | 'material' | 'team' | 'member';
  part_id?: string | null;
}
export interface BeginCode {
  /**
   * @minItems 1
   * @maxItems 30
   */
  rules: [string, ...string[]];
  title: string;
  twinspace_id: string;
}
export interface BlockedPeople {
  people: Correspondent[];
}
export interface BoardLock {
  content_id: string;
  held: string[];
  is_locked: boolean;
  may_write: boolean;
  revision: number;
}
export interface BreakoutGroup {
  adult_id: string | null;
  board_id: string | null;
  document_id: string;
  id: string;
  room_id: string;
  title: string;
  user_ids: string[];
  wall_id: string;
}
export interface Breakouts {
  apart: [unknown, unknown][];
  closes_at_ms: number | null;
  groups: BreakoutGroup[];
  id: string;
  meeting_id: string | null;
  minutes: number | null;
  opened_at_ms: number | null;
  revision: number;
  room_id: string;
  state: 'planned' | 'open' | 'closed';
  title: string;
  twinspace_id: string;
}
export interface BreakoutsList {
  breakouts: Breakouts[];
}
export interface BreakoutsRef {
  breakouts_id: string;
}
export interface Broadcast {
  breakouts_id: string;
  text: string;
}
export interface Brought {
  author_id: string;
  author_name: string;
  excerpt: string;
  is_hidden: boolean;
  kind: string;
}
export interface CalendarFeed {
  url: string;
}
export interface CalendarOf {
  since: string;
  twinspace_id: string;
  until: string;
}
export interface Calendars {
  schools: SchoolCalendar[];
}
export interface SchoolCalendar {
  free_days: FreeDays[];
  public_holidays: PublicHoliday[];
  school_id: string;
  time_zone: string;
}
export interface FreeDays {
  ends_on: string;
  id: string;
  revision: number;
  school_id: string;
  starts_on: string;
  title: string;
}
export interface PublicHoliday {
  on: string;
  title: string;
}
export interface CallHand {
  hand_id?: string | null;
  room_id: string;
}
export interface CallTeacher {
  room_id: string;
}
export interface CameraToStaff {
  camera_to_staff: boolean;
  room_id: string;
  user_id: string;
}
export interface CancelMeeting {
  meeting_id: string;
  revision: number;
  twinspace_id: string;
}
export interface Captions {
  captions: Caption[];
  languages: {
    [k: string]: number | undefined;
  };
  more: boolean;
}
export interface Card {
  alt?: string;
  author_id: string;
  author_name: string;
  begins_on?: string;
  changed_at_ms: number;
  country?: string;
  created_at_ms: number;
  drawing?: Drawing | null;
  east?: number | null;
  ends_on?: string;
  file_id?: string;
  file_name?: string;
  has_preview?: boolean;
  height?: number;
  id: string;
  kind?: 'text' | 'image' | 'file' | 'audio' | 'drawing' | 'link' | 'pointer' | 'poll';
  media_type?: string;
  nobody_pictured?: boolean;
  north?: number | null;
  options?: string[];
  position: string;
  school_id: string;
  section?: string;
  size_bytes?: number;
  target_id?: string;
  target_kind?: string;
  text: string;
  tint: number;
  title: string;
  url?: string;
  waits?: boolean;
  width?: number;
  x?: number | null;
  y?: number | null;
  z?: number;
}
export interface CardFileRef {
  content_id: string;
  file_id: string;
}
export interface CardPoll {
  card_id: string;
  counts: Count[];
  mine: number | null;
}
export interface Count {
  by_school: {
    [k: string]: (number | ('few' | 'kept')) | undefined;
  };
  label: string;
  place?: number | null;
  total: number | ('few' | 'kept');
  value: string | number;
}
export interface CardPolls {
  polls: CardPoll[];
}
export interface CardRef {
  card_id: string;
  content_id: string;
}
export interface CardToPrint {
  display_name: string;
  words: string;
}
export interface CastVote {
  ballot: 'before' | 'after';
  choice: 'for' | 'against' | 'undecided';
  debate_id: string;
}
export interface ChangeActivity {
  activity_id: string;
  /**
   * @maxItems 50
   */
  content_ids?: string[];
  ends_on: string;
  revision: number;
  starts_on: string;
  state?: 'planned' | 'running' | 'done' | 'dropped';
  subjects?: {
    /**
     * @maxItems 8
     *
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[A-Za-z0-9_.:-]+$".
     */
    [k: string]:
      | []
      | [string]
      | [string, string]
      | [string, string, string]
      | [string, string, string, string]
      | [string, string, string, string, string]
      | [string, string, string, string, string, string]
      | [string, string, string, string, string, string, string]
      | [string, string, string, string, string, string, string, string];
  };
  /**
   * @maxItems 30
   */
  team_ids?: string[];
  text?: string;
  title: string;
  twinspace_id: string;
}
export interface ChangeBoardLock {
  content_id: string;
  /**
   * @maxItems 500
   */
  free?: string[];
  /**
   * @maxItems 500
   */
  hold?: string[];
  is_locked?: boolean | null;
}
export interface ChangeBreakouts {
  /**
   * @maxItems 200
   */
  apart?: [unknown, unknown][];
  breakouts_id: string;
  /**
   * @minItems 1
   * @maxItems 40
   */
  groups: [GroupWish, ...GroupWish[]];
  meeting_id?: string | null;
  minutes?: number | null;
  revision: number;
  room_id: string;
  title: string;
  twinspace_id: string;
}
export interface GroupWish {
  adult_id?: string | null;
  id?: string | null;
  title: string;
  /**
   * @maxItems 400
   */
  user_ids: string[];
}
export interface ChangeCard {
  alt?: string | null;
  card_id: string;
  content_id: string;
  drawing?: Drawing | null;
  nobody_pictured?: boolean | null;
  target_id?: string | null;
  target_kind?: ('content' | 'material') | null;
  text?: string | null;
  tint?: number | null;
  title?: string | null;
  url?: string | null;
}
export interface ChangeComment {
  comment_id: string;
  content_id: string;
  text: string;
}
export interface ChangeContentVisibility {
  content_id: string;
  team_id?: string | null;
  visibility: 'me' | 'team' | 'school' | 'teachers' | 'twinspace' | 'families' | 'inspection' | 'public';
}
export interface ChangeFounding {
  ends_on: string;
  /**
   * @minItems 1
   * @maxItems 8
   */
  languages:
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string];
  programme: 'etwinning' | 'ka1' | 'ka2' | 'other';
  stage: 'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational';
  starts_on: string;
  /**
   * @minItems 1
   * @maxItems 12
   */
  subjects:
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string];
  title: string;
  twinspace_id: string;
}
export interface ChangeFreeDays {
  ends_on: string;
  free_days_id: string;
  revision: number;
  starts_on: string;
  title: string;
  twinspace_id: string;
}
export interface ChangeIdea {
  ages_from: number;
  ages_to: number;
  /**
   * @maxItems 42
   */
  countries?: string[];
  idea_id: string;
  /**
   * @minItems 1
   * @maxItems 8
   */
  languages:
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string];
  open_until: string;
  stage: 'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational';
  /**
   * @minItems 1
   * @maxItems 12
   */
  subjects:
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string];
  text: string;
  title: string;
}
export interface ChangeMaterial {
  alt?: string | null;
  faces?: ('unsaid' | 'none' | 'named') | null;
  folder?: string | null;
  happened_at_ms?: number | null;
  licence?: string | null;
  material_id: string;
  pictured?: string[] | null;
  text?: string | null;
  title?: string | null;
  url?: string | null;
}
export interface ChangeMaterialVisibility {
  material_id: string;
  team_id?: string | null;
  visibility: 'me' | 'team' | 'school' | 'teachers' | 'twinspace' | 'families' | 'inspection' | 'public';
}
export interface ChangeMe {
  language: string;
}
export interface ChangeMeeting {
  agenda?: string;
  ends_at: string;
  invited: Invite;
  meeting_id: string;
  revision: number;
  room_id: string;
  starts_at: string;
  time_zone: string;
  title: string;
  twinspace_id: string;
}
export interface Invite {
  everybody?: boolean;
  /**
   * @maxItems 30
   */
  team_ids?: string[];
  /**
   * @maxItems 200
   */
  user_ids?: string[];
}
export interface ChangePoll {
  is_anonymous?: boolean;
  is_many?: boolean;
  /**
   * @minItems 2
   * @maxItems 10
   */
  options:
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string];
  poll_id: string;
  question: string;
  /**
   * @maxItems 10
   */
  right?:
    | []
    | [number]
    | [number, number]
    | [number, number, number]
    | [number, number, number, number]
    | [number, number, number, number, number]
    | [number, number, number, number, number, number]
    | [number, number, number, number, number, number, number]
    | [number, number, number, number, number, number, number, number]
    | [number, number, number, number, number, number, number, number, number]
    | [number, number, number, number, number, number, number, number, number, number];
  seconds?: number;
}
export interface ChangePreferences {
  digest: 'off' | 'daily' | 'weekly';
  kinds: {
    [k: string]: KindChoice;
  };
  quiet_from: string;
  quiet_until: string;
  school_days_only: boolean;
  time_zone: string | '';
}
export interface KindChoice {
  mail?: boolean;
  page?: boolean;
  push?: boolean;
}
export interface ChangeRecordVisibility {
  held_id: string;
  team_id?: string | null;
  twinspace_id: string;
  visibility: 'me' | 'team' | 'school' | 'teachers' | 'twinspace' | 'families' | 'inspection' | 'public';
}
export interface ChangeRoom {
  is_encrypted: boolean;
  room_id: string;
}
export interface ChangeTeam {
  revision: number;
  team_id: string;
  title: string;
  twinspace_id: string;
  /**
   * @maxItems 200
   */
  user_ids: string[];
}
export interface ChangeWall {
  all_move?: boolean | null;
  content_id: string;
  sections?:
    | []
    | [Section]
    | [Section, Section]
    | [Section, Section, Section]
    | [Section, Section, Section, Section]
    | [Section, Section, Section, Section, Section]
    | [Section, Section, Section, Section, Section, Section]
    | [Section, Section, Section, Section, Section, Section, Section]
    | [Section, Section, Section, Section, Section, Section, Section, Section]
    | [Section, Section, Section, Section, Section, Section, Section, Section, Section]
    | [Section, Section, Section, Section, Section, Section, Section, Section, Section, Section]
    | [Section, Section, Section, Section, Section, Section, Section, Section, Section, Section, Section]
    | [Section, Section, Section, Section, Section, Section, Section, Section, Section, Section, Section, Section]
    | [
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section
      ]
    | [
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section
      ]
    | [
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section
      ]
    | [
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section
      ]
    | [
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section
      ]
    | [
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section
      ]
    | [
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section
      ]
    | [
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section,
        Section
      ]
    | null;
  view?: ('wall' | 'columns' | 'timeline' | 'map' | 'canvas') | null;
}
export interface Section {
  id: string;
  title: string;
  [k: string]: unknown | undefined;
}
export interface ChooseOption {
  card_id: string;
  content_id: string;
  option: number | null;
}
export interface ChoosePassword {
  password: string;
  secret: string;
}
export interface ChooseRecording {
  include_me: boolean;
  room_id: string;
}
export interface ClassCard {
  display_name: string;
  qr_svg: string;
  sign_in_url: string;
  words: string;
}
export interface ClassList {
  pupils: ListedPupil[];
}
export interface ListedPupil {
  class_name: string;
  name: string;
  pupil_id: string;
}
export interface ClassPicture {
  chat: ('few' | 'some' | 'many' | 'most') | null;
  chat_lines: number | null;
  documents: ('few' | 'some' | 'many' | 'most') | null;
  documents_percent: number | null;
  hands: ('few' | 'some' | 'many' | 'most') | null;
  hands_called: number | null;
  hands_raised: number | null;
  hands_wait_ms: number | null;
  polls: ('few' | 'some' | 'many' | 'most') | null;
  school_id: string;
  talk_percent: number | null;
}
export interface ClassSeat {
  class_name: string;
  pupils: SeatedPupil[];
  room_id: string;
  seat_id: string;
  without_camera: string[];
}
export interface SeatedPupil {
  name: string;
  pupil_id: string;
}
export interface ClassSeats {
  room_id: string;
  seats: ClassSeat[];
}
export interface ClassTallies {
  tallies: ClassTally[];
}
export interface ClassTally {
  counts: {
    [k: string]:
      | {
          [k: string]: number | undefined;
        }
      | undefined;
  };
  entered_at_ms: number;
  is_mine: boolean;
  pupils: number;
  school_id: string;
  tally_id: string;
  title: string;
  version: number;
}
export interface CloseBreakouts {
  breakouts_id: string;
  in_s?: number;
}
export interface Code {
  content_id: string | null;
  schools: CodeOfSchool[];
  text_hash: string | null;
  twinspace_id: string;
}
export interface CodeOfSchool {
  accepted_at_ms: number | null;
  accepted_before: boolean;
  accepted_by: string | null;
  school_id: string;
}
export interface ComeAsGuest {
  display_name: string;
  language: string;
  secret: string;
}
export interface Comment {
  author_id: string;
  author_name: string;
  card_id: string;
  changed_at_ms: number;
  created_at_ms: number;
  id: string;
  school_id: string;
  text: string;
  waits?: boolean;
}
export interface CommentRef {
  comment_id: string;
  content_id: string;
}
export interface Comparison {
  after_version: number | null;
  before_version: number | null;
  pairs: Pair[];
}
export interface Pair {
  after: QuestionResults;
  before: QuestionResults;
  change: number | null;
}
export interface QuestionResults {
  amounts?: Amounts | null;
  answer_count: number;
  counts?: Count[] | null;
  drawings?: Drawing[] | null;
  files?: string[] | null;
  id: string;
  label: string;
  mean?: number | null;
  mean_is_rough?: boolean;
  right_count?: number | ('few' | 'kept') | null;
  rows?: RowResults[] | null;
  tally_count: number;
  texts?: string[] | null;
  type:
    | 'short_text'
    | 'long_text'
    | 'single_choice'
    | 'picture_choice'
    | 'multiple_choice'
    | 'ranking'
    | 'consent'
    | 'scale'
    | 'faces'
    | 'number'
    | 'date'
    | 'matrix'
    | 'rubric'
    | 'drawing'
    | 'file'
    | 'section';
  words?: {
    [k: string]:
      | {
          [k: string]: string | undefined;
        }
      | undefined;
  } | null;
}
export interface RowResults {
  counts: Count[];
  id: string;
  label: string;
}
export interface Condition {
  any_of: (string | number)[];
  question_id: string;
}
export interface ConfirmEmail {
  password: string;
  secret: string;
}
export interface ConsentEntry {
  given_by: string;
  given_on: string;
  granted: boolean;
  how: string;
  own_age: number;
  purpose:
    'account' | 'live_voice' | 'live_camera' | 'recording' | 'image_public' | 'first_name_to_partner' | 'external_tool';
  recorded_at_ms: number;
  recorded_by: string;
  seq: number;
  until_ms: number | null;
}
export interface ConsentHistory {
  display_name: string;
  entries: ConsentEntry[];
  user_id: string;
}
export interface ConsentRef {
  twinspace_id: string;
  user_id: string;
}
export interface ConsentSheet {
  own_age: number;
  pupils: PupilConsents[];
  twinspace_id: string;
}
export interface PupilConsents {
  allowed: (
    'account' | 'live_voice' | 'live_camera' | 'recording' | 'image_public' | 'first_name_to_partner' | 'external_tool'
  )[];
  display_name: string;
  entries: ConsentEntry[];
  pseudonym: string;
  user_id: string;
}
export interface ContentRef {
  content_id: string;
}
export interface Contents {
  contents: Content[];
}
export interface ConversationRef {
  conversation_id: string;
}
export interface Conversations {
  conversations: Conversation[];
  unread: number;
}
export interface CopyOf {
  user_id: string;
}
export interface Countries {
  countries: Country[];
}
export interface Country {
  code: string;
  consent_age: number;
  status: 'full' | 'plus';
}
export interface CountryFigure {
  count: number | null;
  country: string;
}
export interface CreateContent {
  kind: string;
  title: string;
  twinspace_id: string;
}
export interface CreateUpload {
  length: number;
  metadata: UploadMetadata;
  twinspace_id: string;
}
export interface UploadMetadata {
  alt?: string;
  card_kind?: 'image' | 'file' | 'audio';
  filename: string;
  folder?: string;
  licence?: string;
  material_id?: string | null;
  private?: 'yes' | null;
  title?: string | null;
  wall_id?: string | null;
  [k: string]: unknown | undefined;
}
export interface Debate {
  after: Tally | null;
  before: Tally | null;
  closed_at_ms: number | null;
  created_at_ms: number;
  created_by: string;
  display_name: string;
  id: string;
  motion: string;
  my_choice: ('for' | 'against' | 'undecided') | null;
  now_ms: number;
  state: 'before' | 'speaking' | 'after' | 'closed';
  turn_s: number;
  turns: Turn[];
  twinspace_id: string;
}
export interface Tally {
  total: number | null;
  undecided: number | null;
  votes_against: number | null;
  votes_for: number | null;
}
export interface Turn {
  display_name: string;
  ended_at_ms: number | null;
  school_id: string;
  seq: number;
  side: 'for' | 'against';
  started_at_ms: number | null;
  user_id: string;
}
export interface DebateRef {
  debate_id: string;
}
export interface DebateSummary {
  closed_at_ms: number | null;
  created_at_ms: number;
  created_by: string;
  display_name: string;
  id: string;
  motion: string;
  state: 'before' | 'speaking' | 'after' | 'closed';
  turn_s: number;
  twinspace_id: string;
}
export interface Debates {
  debates: DebateSummary[];
}
export interface Decide {
  decision: 'accepted' | 'refused';
  reason?: string;
  user_id: string;
}
export interface DecideFounding {
  agreement: string;
  approved: boolean;
  reason?: string;
  twinspace_id: string;
}
export interface DecideResource {
  decision: 'listed' | 'refused';
  reason?: string;
  resource_id: string;
}
export interface Desk {
  meetings: DeskMeeting[];
  rooms: DeskRoom[];
  schools: DeskSchool[];
  time_zone: string;
  twinspaces: DeskTwinspace[];
  unread_notices: number;
  waiting: Waiting[];
}
export interface DeskMeeting {
  ends_at_ms: number;
  id: string;
  room_id: string;
  starts_at_ms: number;
  title: string;
  twinspace_id: string;
  twinspace_title: string;
}
export interface DeskRoom {
  peer_count: number;
  room_id: string;
  title: string;
  twinspace_id: string;
  twinspace_title: string;
}
export interface DeskSchool {
  city: string;
  country: string;
  id: string;
  name: string;
  region: string;
  shape: string;
}
export interface DeskTwinspace {
  id: string;
  latest: DeskContent[];
  phase: 'founding' | 'withdrawn' | 'idea' | 'before' | 'during' | 'after' | 'closed' | 'archived';
  role:
    | 'founder'
    | 'teacher'
    | 'librarian'
    | 'pupil_editor'
    | 'pupil'
    | 'head_teacher'
    | 'adviser'
    | 'lecturer'
    | 'expert'
    | 'ambassador'
    | 'inspector'
    | 'family'
    | 'visitor'
    | 'regional_staff'
    | 'national_staff'
    | 'central_staff';
  school_ids: string[];
  title: string;
  unread_count: number;
  unread_posts: number;
}
export interface DeskContent {
  changed_at_ms: number;
  id: string;
  kind: string;
  title: string;
}
export interface Waiting {
  count: number;
  source: string;
  title?: string;
  twinspace_id?: string | null;
}
export interface DeskRef {
  language: string;
  room_id: string;
}
export interface DirectMessages {
  conversation: Conversation;
  messages: DirectMessage[];
}
export interface Download {
  content: string;
  content_type: string;
  filename: string;
}
export interface Draft {
  answers: {
    [k: string]:
      | (
          | string
          | number
          | string[]
          | {
              /**
               * This interface was referenced by `undefined`'s JSON-Schema definition
               * via the `patternProperty` "^[A-Za-z0-9_.:-]+$".
               */
              [k: string]: string;
            }
          | Drawing
          | null
        )
      | undefined;
  };
  changed_at_ms: number;
  version: number;
}
export interface DraftKept {
  changed_at_ms: number;
}
export interface Drawer {
  client_id: number;
  display_name: string;
  school_id: string;
  user_id: string;
}
export interface Drawers {
  drawers: Drawer[];
}
export interface EditMessage {
  lane?: string;
  seq: number;
  text: string;
  twinspace_id: string;
}
export interface EditPost {
  seq: number;
  text: string;
  thread_id: string;
}
export interface EndSuccession {
  reason?: string;
  succession_id: string;
  twinspace_id: string;
}
export interface EndText {
  line_id: string;
  room_id: string;
  text: string;
}
export interface Ended {
  message: Message | null;
}
export interface Entered {
  latest_seq: number;
  online: string[];
}
export interface Entries {
  entries: JournalEntry[];
}
export interface JournalEntry {
  details: unknown;
  display_name: string | null;
  happened_at_ms: number;
  seq: number;
  subject_id: string | null;
  user_id: string | null;
  verb: string;
}
export interface EraseMe {
  name: string;
  texts?: boolean;
}
export interface ErasePupil {
  texts?: boolean;
  user_id: string;
}
export interface ErasureProgress {
  done: number;
  erasure_id: string;
  state: 'waiting' | 'working' | 'done';
}
export interface ErasureRef {
  erasure_id: string;
}
export interface ExportBoard {
  content_id: string;
  format?: 'svg' | 'png' | 'pdf';
}
export interface ExportQuestions {
  content_id: string;
  sample?: boolean;
}
export interface ExportResults {
  content_id: string;
  format?: 'csv' | 'xlsx';
  version?: number | null;
}
export interface ExportWall {
  content_id: string;
  format?: 'csv' | 'xlsx' | 'json' | 'html' | 'pdf';
}
export interface FeedRef {
  secret: string;
}
export interface Figures {
  counted_at_ms: number;
  measures: Measure[];
}
export interface Measure {
  countries: CountryFigure[];
  name: string;
  total: number | null;
}
export interface Find {
  kind?:
    | (
        | 'content'
        | 'page'
        | 'file'
        | 'message'
        | 'caption'
        | 'journal'
        | 'thread'
        | 'debate'
        | 'resource'
        | 'question'
        | 'profile'
        | 'idea'
      )
    | null;
  offset?: number;
  q?: string;
  twinspace_id?: string | null;
}
export interface FindPartners {
  country?: string | null;
  language?: string | null;
  offset?: number;
  q?: string;
  stage?: ('early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational') | null;
  subject?: string | null;
}
export interface FindPlace {
  room_id: string;
}
export interface FindResources {
  language?: string | null;
  offset?: number;
  q?: string;
  sort?: ('good_practice' | 'article' | 'tool' | 'tutorial') | 'form_template' | null;
  stage?: ('early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational') | null;
  subject?: string | null;
}
export interface FindTemplates {
  language?: string | null;
  offset?: number;
  q?: string;
}
export interface FollowThread {
  follows: boolean;
  thread_id: string;
}
export interface Form {
  anonymous: boolean;
  content_id: string;
  has_answered: boolean;
  is_quiz: boolean;
  languages: string[];
  marks: QuizMark[] | null;
  mode: 'alone' | 'together';
  my_answers: {
    [k: string]:
      | (
          | string
          | number
          | string[]
          | {
              /**
               * This interface was referenced by `undefined`'s JSON-Schema definition
               * via the `patternProperty` "^[A-Za-z0-9_.:-]+$".
               */
              [k: string]: string;
            }
          | Drawing
          | null
        )
      | undefined;
  } | null;
  my_draft: Draft | null;
  newest_version: number;
  published_at_ms: number;
  questions: Question[];
  response_count: number;
  round: ('before' | 'after') | null;
  sheet_id: string | null;
  title: string;
  version: number;
  words: {
    [k: string]:
      | {
          [k: string]: string | undefined;
        }
      | undefined;
  };
}
export interface Question {
  cells?: {
    [k: string]:
      | {
          [k: string]: string | undefined;
        }
      | undefined;
  } | null;
  decimals?: number | null;
  id: string;
  label: string;
  max?: number | null;
  min?: number | null;
  options?: OfferedOption[] | null;
  required: boolean;
  rows?: Option[] | null;
  rubric_id?: string | null;
  show_if?: Condition | null;
  text?: string | null;
  type:
    | 'short_text'
    | 'long_text'
    | 'single_choice'
    | 'picture_choice'
    | 'multiple_choice'
    | 'ranking'
    | 'consent'
    | 'scale'
    | 'faces'
    | 'number'
    | 'date'
    | 'matrix'
    | 'rubric'
    | 'drawing'
    | 'file'
    | 'section';
  unit?: string | null;
  words?: {
    [k: string]:
      | {
          [k: string]: string | undefined;
        }
      | undefined;
  } | null;
}
export interface OfferedOption {
  id: string;
  label: string;
  picture?: string | null;
}
export interface FormTemplate {
  anonymous: boolean;
  display_name: string | null;
  id: string;
  is_quiz: boolean;
  languages: string[];
  licence: string;
  mode: 'alone' | 'together';
  origin: 'ready_made' | 'mine' | 'shelf';
  question_count: number;
  questions: Question[];
  school: School | null;
  stages: string[];
  state: 'waiting' | 'listed' | 'refused';
  subjects: string[];
  text: string;
  title: string;
}
export interface FormTemplateLine {
  display_name: string | null;
  id: string;
  languages: string[];
  licence: string;
  origin: 'ready_made' | 'mine' | 'shelf';
  question_count: number;
  school: School | null;
  stages: string[];
  state: 'waiting' | 'listed' | 'refused';
  subjects: string[];
  text: string;
  title: string;
}
export interface FormTemplates {
  more: boolean;
  templates: FormTemplateLine[];
}
export interface FormerText {
  text: string;
  written_at_ms: number;
}
export interface FormerTexts {
  versions: FormerText[];
}
export interface Found {
  groups: HitGroup[];
}
export interface HitGroup {
  hits: Hit[];
  kind:
    | 'content'
    | 'page'
    | 'file'
    | 'message'
    | 'caption'
    | 'journal'
    | 'thread'
    | 'debate'
    | 'resource'
    | 'question'
    | 'profile'
    | 'idea';
  more: boolean;
}
export interface Hit {
  at_ms: number;
  display_name: string;
  id: string;
  kind:
    | 'content'
    | 'page'
    | 'file'
    | 'message'
    | 'caption'
    | 'journal'
    | 'thread'
    | 'debate'
    | 'resource'
    | 'question'
    | 'profile'
    | 'idea';
  place: string;
  snippet: Piece[];
  title: Piece[];
  twinspace_id: string | null;
  twinspace_title: string | null;
}
export interface Piece {
  hit: boolean;
  text: string;
}
export interface FoundPlace {
  notes: BreakoutNote[];
  place: Place | null;
}
export interface FoundProfile {
  about: string;
  display_name: string;
  languages: string[];
  school: School;
  snippet: Piece[];
  stages: string[];
  subjects: string[];
  user_id: string;
}
export interface FoundProfiles {
  more: boolean;
  profiles: FoundProfile[];
}
export interface FoundedProject {
  phase: 'founding' | 'withdrawn' | 'idea' | 'before' | 'during' | 'after' | 'closed' | 'archived';
  title: string;
  twinspace_id: string;
}
export interface Founder {
  display_name: string;
  school: School;
  signed_at_ms: number | null;
  signed_before: boolean;
  user_id: string;
}
export interface Founding {
  agreement: string;
  agreement_id: string;
  approvals_needed: string[];
  ends_on: string;
  founders: Founder[];
  is_national: boolean;
  languages: string[];
  may_decide: boolean;
  may_edit: boolean;
  programme: 'etwinning' | 'ka1' | 'ka2' | 'other';
  proposed_at_ms: number;
  stage: 'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational';
  starts_on: string;
  state: 'writing' | 'waiting' | 'returned' | 'ready' | 'open' | 'changed';
  subjects: string[];
  succession: Succession | null;
  text: unknown;
  title: string;
  twinspace_id: string;
  verdicts: Verdict[];
}
export interface Succession {
  ended_at_ms: number | null;
  ended_by_name: string | null;
  id: string;
  leaving: SuccessionPerson;
  may_agree: boolean;
  may_end: boolean;
  proposed_at_ms: number;
  reason: string;
  remaining: SuccessionPerson;
  silent_until_ms: number;
  state: 'open' | 'done' | 'declined' | 'stopped';
  stays: boolean;
  successor: SuccessionPerson;
  title: string;
  twinspace_id: string;
}
export interface SuccessionPerson {
  agreed_at_ms: number | null;
  display_name: string;
  school: School;
  user_id: string;
}
export interface Verdict {
  approved: boolean;
  country: string;
  current: boolean;
  decided_at_ms: number;
  display_name: string;
  reason: string;
}
export interface FoundingRef {
  twinspace_id: string;
}
export interface FoundingSummary {
  founders: Founder[];
  is_national: boolean;
  proposed_at_ms: number;
  state: 'writing' | 'waiting' | 'returned' | 'ready' | 'open' | 'changed';
  title: string;
  twinspace_id: string;
}
export interface Foundings {
  foundings: FoundingSummary[];
}
export interface FrequentQuestion {
  answer: string;
  id: string;
  language: string;
  text: string;
  title: string;
}
export interface FrequentQuestions {
  questions: FrequentQuestion[];
}
export interface FrontPage {
  blocks: unknown[];
  more: boolean;
  page: Page | null;
}
export interface Page {
  changed_at_ms: number;
  content_id: string;
  parent_id: string | null;
  title: string;
  visibility: 'me' | 'team' | 'school' | 'teachers' | 'twinspace' | 'families' | 'inspection' | 'public';
}
export interface GiveChannel {
  language: string | '';
  room_id: string;
  user_id: string;
}
export interface GrowthStep {
  at_ms: number;
  author_id: string;
  author_name: string;
  card_id: string;
  cards: number;
  comments: number;
  school_id: string;
}
export interface Guest {
  display_name: string;
  state: 'unconfirmed' | 'waiting' | 'active' | 'refused' | 'closed';
  user_id: string;
}
export interface GuestLink {
  expires_at_ms: number;
  guests: Guest[];
  id: string;
  is_open: boolean;
  made_by: string;
  role:
    | 'founder'
    | 'teacher'
    | 'librarian'
    | 'pupil_editor'
    | 'pupil'
    | 'head_teacher'
    | 'adviser'
    | 'lecturer'
    | 'expert'
    | 'ambassador'
    | 'inspector'
    | 'family'
    | 'visitor'
    | 'regional_staff'
    | 'national_staff'
    | 'central_staff';
  title: string;
}
export interface GuestLinkRef {
  link_id: string;
  twinspace_id: string;
}
export interface GuestLinks {
  links: GuestLink[];
}
export interface GuestRef {
  twinspace_id: string;
  user_id: string;
}
export interface HandOn {
  language: string;
  room_id: string;
  user_id: string;
}
export interface Health {
  status: 'ok';
}
export interface HeldMeeting {
  agenda: string;
  created_by: string;
  ended_at_ms: number | null;
  id: string;
  room_id: string;
  started_at_ms: number;
  team_id: string | null;
  title: string;
  twinspace_id: string;
  visibility: 'me' | 'team' | 'school' | 'teachers' | 'twinspace' | 'families' | 'inspection' | 'public';
}
export interface HeldMeetingRef {
  held_id: string;
  twinspace_id: string;
}
export interface HeldMeetings {
  meetings: HeldMeeting[];
}
export interface HeldRef {
  content_id: string;
  held_id: string;
  kind: 'card' | 'comment';
}
export interface HeldThing {
  author_id: string;
  author_name: string;
  card: Card;
  comment: Comment | null;
  content_id: string;
  content_kind: string;
  content_title: string;
  former: Card | null;
  former_comment: Comment | null;
  held_at_ms: number;
  id: string;
  is_new: boolean;
  kind: 'card' | 'comment';
  place_after: string | null;
  reason: string;
  revision: number;
  school_id: string;
  state: 'waiting' | 'refused' | 'approved';
  twinspace_id: string;
}
export interface HeldThings {
  held: HeldThing[];
}
export interface HelpNote {
  display_name: string;
  seq: number;
  text: string;
  user_id: string;
  written_at_ms: number;
}
export interface HelpQuestion {
  answer: string;
  asked_at_ms: number;
  asked_by: string;
  brought: Brought | null;
  changed_at_ms: number;
  country: string;
  display_name: string;
  id: string;
  is_faq: boolean;
  language: string;
  may_answer: boolean;
  notes: HelpNote[];
  owner_id: string | null;
  owner_name: string | null;
  state: 'open' | 'taken' | 'answered' | 'closed';
  text: string;
  title: string;
}
export interface HelpQuestionSummary {
  asked_at_ms: number;
  asked_by: string;
  changed_at_ms: number;
  country: string;
  display_name: string;
  id: string;
  is_faq: boolean;
  language: string;
  owner_id: string | null;
  owner_name: string | null;
  state: 'open' | 'taken' | 'answered' | 'closed';
  title: string;
}
export interface HelpQuestions {
  questions: HelpQuestionSummary[];
}
export interface HiddenThing {
  author_id: string | null;
  author_name: string | null;
  excerpt: string;
  hidden_at_ms: number;
  hidden_by: string;
  hidden_by_name: string;
  kind: string;
  subject_id: string;
}
export interface Hide {
  kind:
    | 'message'
    | 'caption'
    | 'content'
    | 'card'
    | 'comment'
    | 'material'
    | 'recording'
    | 'thread'
    | 'post'
    | 'debate'
    | 'member'
    | 'twinspace';
  reason: 'mean' | 'scary' | 'private' | 'not_ours' | 'spam' | 'other';
  subject_id: string;
  twinspace_id: string;
}
export interface HideBrought {
  is_hidden: boolean;
  question_id: string;
}
export interface HoldPart {
  held: boolean;
  part: 'microphone' | 'camera' | 'screen' | 'chat' | 'reactions' | 'notes' | 'cursors';
  room_id: string;
  user_id: string;
}
export interface IceChanged {
  etag: string | null;
  sdp: string | null;
}
export interface IceServer {
  credential: string;
  urls: string[];
  username: string;
}
export interface Idea {
  ages_from: number;
  ages_to: number;
  changed_at_ms: number;
  countries: string[];
  display_name: string;
  id: string;
  is_mine: boolean;
  is_open: boolean;
  languages: string[];
  open_until: string;
  school: School;
  stage: 'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational';
  subjects: string[];
  text: string;
  title: string;
  user_id: string;
}
export interface IdeaRef {
  idea_id: string;
}
export interface Ideas {
  ideas: Idea[];
  more: boolean;
}
export interface Identities {
  identities: Identity[];
}
export interface Identity {
  last_used_at_ms: number | null;
  linked_at_ms: number;
  provider: Provider;
}
export interface Provider {
  id: string;
  name: string;
}
export interface ImportQuestions {
  content_id: string;
  import_id: string;
  skip_faulty?: boolean;
  text: string;
}
export interface Imported {
  added: number;
}
export interface Invited {
  everybody: boolean;
  team_ids: string[];
  user_ids: string[];
}
export interface JoinRoom {
  meeting?: string | null;
  peer_id?: string | null;
  public_key?: string | null;
  pupil_ids?: string[] | null;
  room_id: string;
}
export interface Joined {
  ice_servers: IceServer[];
  may_send: ('audio' | 'video')[];
  meeting: string;
  peer_id: string;
  peers: Peer[];
  recording: RecordingState;
}
export interface KeepTemplate {
  content_id: string;
  language: string;
  licence:
    | 'CC0-1.0'
    | 'CC-BY-4.0'
    | 'CC-BY-SA-4.0'
    | 'CC-BY-NC-4.0'
    | 'CC-BY-NC-SA-4.0'
    | 'EUPL-1.2'
    | 'MIT'
    | 'all_rights_reserved';
  /**
   * @maxItems 5
   */
  stages?:
    | []
    | ['early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational']
    | [
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational'
      ]
    | [
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational'
      ]
    | [
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational'
      ]
    | [
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational'
      ];
  /**
   * @maxItems 12
   */
  subjects?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string];
  text: string;
  title: string;
}
export interface KeptContent {
  blob: string;
  content_id: string;
  kind: string;
  title: string;
}
export interface KeptFile {
  blob: string | null;
  filename: string | null;
  folder: string;
  kind: string;
  material_id: string;
  media_type: string | null;
  title: string;
}
export interface KeyFor {
  peer_id: string;
  sealed: string | null;
}
export interface KindChosen {
  kind: string;
  mail: boolean;
  page: boolean;
  push: boolean;
}
export interface LaneShown {
  kind: 'all' | 'staff' | 'team' | 'room';
  lane: string;
  latest_seq: number;
  title: string;
  unread: number;
}
export interface Lanes {
  lanes: LaneShown[];
}
export interface LeftOut {
  on: string;
  reason: 'free_days' | 'public_holiday' | 'no_such_time';
  school_id: string | null;
  title: string;
}
export interface Life {
  missing: MissingThing[];
  moves: PhaseMove[];
  next: ('founding' | 'withdrawn' | 'idea' | 'before' | 'during' | 'after' | 'closed' | 'archived') | null;
  phase: 'founding' | 'withdrawn' | 'idea' | 'before' | 'during' | 'after' | 'closed' | 'archived';
  reopenings: Reopening[];
  twinspace_id: string;
}
export interface MissingThing {
  code: 'agreement' | 'pupils' | 'consents' | 'work' | 'evaluation' | 'plan' | 'code';
  count: number;
}
export interface PhaseMove {
  display_name: string;
  former: 'founding' | 'withdrawn' | 'idea' | 'before' | 'during' | 'after' | 'closed' | 'archived';
  missing: ('agreement' | 'pupils' | 'consents' | 'work' | 'evaluation' | 'plan' | 'code')[];
  moved_at_ms: number;
  moved_by: string;
  phase: 'founding' | 'withdrawn' | 'idea' | 'before' | 'during' | 'after' | 'closed' | 'archived';
}
export interface Reopening {
  asked_at_ms: number;
  display_name: string;
  school_id: string;
  user_id: string;
}
export interface LineFault {
  code:
    | 'missing'
    | 'too_long'
    | 'blank'
    | 'too_many'
    | 'unknown_type'
    | 'not_yes_or_no'
    | 'not_a_number'
    | 'not_offered'
    | 'not_earlier'
    | 'not_for_type'
    | 'too_many_cells'
    | 'wrong';
  column: string;
  value: string;
}
export interface LineFigures {
  bits_per_s: number;
  budget_bits_per_s: number | null;
  is_weak: boolean;
  jitter_ms: number | null;
  loss: number;
  round_trip_ms: number | null;
}
export interface LineTestBegun {
  ice_servers: IceServer[];
  lasts_ms: number;
  tcp_port: number | null;
  udp_port: number | null;
}
export interface LineTestPublished {
  sdp: string;
  tracks: NamedTrack[];
}
export interface NamedTrack {
  mid: string;
  track_id: string;
}
export interface LineTestSubscribed {
  sdp: string;
}
export interface LinkIdentity {
  secret: string;
}
export interface ListPupils {
  room_id: string;
}
export interface ListThreads {
  offset?: number;
}
export interface ListTwinspaceThreads {
  offset?: number;
  twinspace_id: string;
}
export interface LockPart {
  locked: boolean;
  part: 'microphone' | 'camera' | 'screen' | 'chat' | 'reactions' | 'notes' | 'cursors';
  room_id: string;
}
export interface Log {
  entries: LogEntry[];
}
export interface LogEntry {
  action: string;
  details: unknown;
  display_name: string | null;
  done_at_ms: number;
  hash: string;
  kind: string;
  reason: string;
  seq: number;
  subject_id: string;
  user_id: string | null;
}
export interface Login {
  created_at_ms: number;
  device: string;
  id: string;
  is_this_one: boolean;
  last_used_at_ms: number | null;
  way: 'password' | 'passkey' | 'provider' | 'class_card' | 'link' | 'token';
}
export interface LoginRef {
  login_id: string;
}
export interface Logins {
  logins: Login[];
}
export interface LowerHand {
  hand_id: string;
  room_id: string;
}
export interface MadeCredential {
  id: string;
  rawId: string;
  response: _Made;
  type: 'public-key';
  [k: string]: unknown | undefined;
}
export interface _Made {
  attestationObject: string;
  clientDataJSON: string;
  /**
   * @maxItems 10
   */
  transports?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string];
  [k: string]: unknown | undefined;
}
export interface MailSecret {
  secret: string;
}
export interface MakeClassCard {
  twinspace_id: string;
  user_id: string;
}
export interface MakeClassCards {
  /**
   * @minItems 1
   * @maxItems 60
   */
  user_ids: [string, ...string[]];
}
export interface MakeException {
  part: 'microphone' | 'camera' | 'screen' | 'chat' | 'reactions' | 'notes' | 'cursors';
  room_id: string;
  user_id: string | null;
}
export interface MakeForm {
  template_id: string;
  title: string;
  twinspace_id: string;
}
export interface MakeGuestLink {
  days?: number;
  role?: 'visitor' | 'expert' | 'ambassador' | 'family';
  title: string;
  twinspace_id: string;
}
export interface MakeIdea {
  ages_from: number;
  ages_to: number;
  /**
   * @maxItems 42
   */
  countries?: string[];
  /**
   * @minItems 1
   * @maxItems 8
   */
  languages:
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string];
  open_until: string;
  stage: 'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational';
  /**
   * @minItems 1
   * @maxItems 12
   */
  subjects:
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string];
  text: string;
  title: string;
}
export interface MakePupils {
  class_name?: string;
  /**
   * @minItems 1
   * @maxItems 60
   */
  first_names: [string, ...string[]];
  language: string;
  twinspace_id?: string | null;
}
export interface MakeShare {
  audience: 'families' | 'inspection' | 'public';
  days?: number;
  title: string;
  twinspace_id: string;
}
export interface MakeTeam {
  title: string;
  twinspace_id: string;
  /**
   * @maxItems 200
   */
  user_ids: string[];
}
export interface Mark {
  card_id: string;
  choice: string;
  reaction: string;
  stars: number;
  user_id: string;
  vote: boolean;
}
export interface MarkCard {
  card_id: string;
  content_id: string;
  reaction?: ('' | 'heart' | 'clap' | 'laugh' | 'wow' | 'think' | 'thanks') | null;
  stars?: number | null;
  vote?: boolean | null;
}
export interface MaterialRef {
  material_id: string;
}
export interface Materials {
  external_tools: PupilsWithoutConsent | null;
  file_limit_bytes: number;
  materials: Material[];
  quota_bytes: number;
  used_bytes: number;
}
export interface PupilsWithoutConsent {
  pupils: number;
  without: number;
}
export interface MeetingRecord {
  agenda: string;
  breakouts: RecordedBreakouts[];
  caption_languages: string[];
  contents: Content[];
  created_by: string;
  ended_at_ms: number | null;
  id: string;
  messages: RecordedMessage[];
  opened: RecordedOpening[];
  picture: ClassPicture[];
  polls: RecordedPoll[];
  quizzes: RecordedQuiz[];
  recording_ids: string[];
  room_id: string;
  schools: SchoolPart[];
  started_at_ms: number;
  team_id: string | null;
  title: string;
  twinspace_id: string;
  visibility: 'me' | 'team' | 'school' | 'teachers' | 'twinspace' | 'families' | 'inspection' | 'public';
}
export interface RecordedBreakouts {
  calls: number;
  groups: RecordedGroup[];
  opened_at_ms: number;
  sentences: string[];
  title: string;
}
export interface RecordedGroup {
  board_id?: string | null;
  caption_languages?: string[];
  document_id: string;
  people: number;
  room_id?: string | null;
  title: string;
  wall_id: string;
}
export interface RecordedMessage {
  display_name: string;
  posted_at_ms: number;
  seq: number;
  text: string;
}
export interface RecordedOpening {
  content_id: string;
  opened_at_ms: number;
}
export interface RecordedPoll {
  options: string[];
  question: string;
  tally: number[];
  voices: number;
}
export interface RecordedQuiz {
  mine: QuizScore | null;
  questions: number;
  quiz_id: string;
  schools: SchoolScore[] | null;
  title: string;
}
export interface QuizScore {
  of: number;
  right: number;
}
export interface SchoolScore {
  of: number | null;
  people: number | null;
  right: number | null;
  school_id: string;
}
export interface SchoolPart {
  minutes: number;
  people: number;
  school_id: string;
}
export interface MeetingRef {
  meeting_id: string;
  twinspace_id: string;
}
export interface Member {
  display_name: string;
  kind: 'teacher' | 'pupil' | 'staff' | 'guest';
  online: boolean;
  role:
    | 'founder'
    | 'teacher'
    | 'librarian'
    | 'pupil_editor'
    | 'pupil'
    | 'head_teacher'
    | 'adviser'
    | 'lecturer'
    | 'expert'
    | 'ambassador'
    | 'inspector'
    | 'family'
    | 'visitor'
    | 'regional_staff'
    | 'national_staff'
    | 'central_staff';
  school_id: string;
  user_id: string;
}
export interface MemberRef {
  twinspace_id: string;
  user_id: string;
}
export interface MessageRef {
  lane?: string;
  seq: number;
  twinspace_id: string;
}
export interface Messages {
  messages: Message[];
}
export interface MessagesSince {
  lane?: string;
  seq: number;
  twinspace_id: string;
}
export interface Moderation {
  hidden: HiddenThing[];
  muted: MutedMember[];
  reports: Report[];
}
export interface MutedMember {
  display_name: string;
  parts: ('chat' | 'write' | 'speak')[];
  until_ms: number | null;
  user_id: string;
}
export interface Report {
  answer: string;
  author_id: string | null;
  author_name: string | null;
  author_school_id: string | null;
  excerpt: string;
  handled_at_ms: number | null;
  handler_id: string | null;
  handler_name: string | null;
  id: string;
  is_hidden: boolean;
  kind: string;
  reason: string;
  reported_at_ms: number;
  reporter_id: string;
  reporter_name: string;
  state: 'open' | 'claimed' | 'answered';
  subject_id: string;
  words: string;
}
export interface MoveCard {
  after_card_id: string | null;
  card_id: string;
  content_id: string;
}
export interface MoveDebate {
  debate_id: string;
  former: 'before' | 'speaking' | 'after' | 'closed';
  state: 'before' | 'speaking' | 'after' | 'closed';
}
export interface MovePhase {
  although_missing?: boolean;
  former: 'founding' | 'withdrawn' | 'idea' | 'before' | 'during' | 'after' | 'closed' | 'archived';
  phase: 'founding' | 'withdrawn' | 'idea' | 'before' | 'during' | 'after' | 'closed' | 'archived';
  twinspace_id: string;
}
export interface MoveReveal {
  assessment_id: string;
  at_once?: boolean;
  reveal_at_ms?: number | null;
}
export interface MyOpenReports {
  twinspaces: OpenReports[];
}
export interface OpenReports {
  count: number;
  title: string;
  twinspace_id: string;
}
export interface MyProfile {
  about: string;
  is_listed: boolean;
  languages: string[];
  stages: string[];
  subjects: string[];
}
export interface MyRegistration {
  decided_at_ms: number | null;
  reason: string;
  school: School;
  service: string;
  state: 'unconfirmed' | 'waiting' | 'active' | 'refused' | 'closed';
  submitted_at_ms: number;
}
export interface NamePerson {
  name: string;
  room_id: string;
  user_id: string;
}
export interface NamePupil {
  name: string;
  pupil_id: string;
  room_id: string;
}
export interface NamedVote {
  counts: number[];
  display_name: string;
  user_id: string;
}
export interface NewCard {
  class_name: string;
  display_name: string;
  sign_in_url: string;
  user_id: string;
  words: string;
}
export interface NewCards {
  cards: NewCard[];
}
export interface NewGuestLink {
  expires_at_ms: number;
  id: string;
  role:
    | 'founder'
    | 'teacher'
    | 'librarian'
    | 'pupil_editor'
    | 'pupil'
    | 'head_teacher'
    | 'adviser'
    | 'lecturer'
    | 'expert'
    | 'ambassador'
    | 'inspector'
    | 'family'
    | 'visitor'
    | 'regional_staff'
    | 'national_staff'
    | 'central_staff';
  title: string;
  url: string;
}
export interface NewPasskey {
  credential: MadeCredential;
  title: string;
}
export interface NewSchool {
  city: string;
  name: string;
  region?: string;
}
export interface NewSecondFactor {
  app_url: string;
  qr_svg: string;
  recovery_codes: string[];
  secret: string;
}
export interface NewShare {
  expires_at_ms: number | null;
  id: string;
  seal: string | null;
  url: string;
}
export interface Nothing {}
export interface Notices {
  notices: Notice[];
  unread_count: number;
}
export interface OneTimeCode {
  code: string;
}
export interface OpenBreakouts {
  breakouts_id: string;
  minutes?: number | null;
}
export interface OpenDebate {
  motion: string;
  turn_s?: number;
  twinspace_id: string;
}
export interface OpenForAll {
  content_id: string;
  place?: PlaceIn;
  room_id: string;
}
export interface PlaceIn {
  anchor?: string;
  offset?: number;
}
export interface OpenPoll {
  poll_id: string;
  room_id: string;
}
export interface OpenShare {
  secret: string;
}
export interface OpenedForAll {
  is_open: boolean;
  unseen_by: string[];
}
export interface Overview {
  breakouts: Breakouts;
  now_ms: number;
  rooms: RoomSeen[];
}
export interface OwnConsents {
  allowed: (
    'account' | 'live_voice' | 'live_camera' | 'recording' | 'image_public' | 'first_name_to_partner' | 'external_tool'
  )[];
  entries: ConsentEntry[];
  own_age: number;
  withdrawable: (
    'account' | 'live_voice' | 'live_camera' | 'recording' | 'image_public' | 'first_name_to_partner' | 'external_tool'
  )[];
}
export interface OwnErasure {
  founded: FoundedProject[];
}
export interface OwnMute {
  parts: ('chat' | 'write' | 'speak')[];
  until_ms: number | null;
}
export interface PageRef {
  material_id: string;
  page?: number;
  version?: number | null;
}
export interface Pages {
  pages: Page[];
  revision: string;
}
export interface PassageRef {
  end: string;
  start: string;
  words: string;
}
export interface Passkey {
  copied_at_ms: number | null;
  created_at_ms: number;
  id: string;
  is_synced: boolean;
  last_used_at_ms: number | null;
  title: string;
}
export interface PasskeyProof {
  credential: SignedCredential;
}
export interface SignedCredential {
  id: string;
  rawId: string;
  response: _Signed;
  type: 'public-key';
  [k: string]: unknown | undefined;
}
export interface _Signed {
  authenticatorData: string;
  clientDataJSON: string;
  signature: string;
  userHandle?: string | null;
  [k: string]: unknown | undefined;
}
export interface PasskeyQuestion {
  options: unknown;
}
export interface PasskeyRef {
  passkey_id: string;
}
export interface Passkeys {
  passkeys: Passkey[];
}
export interface PeerLine {
  down: LineFigures | null;
  peer_id: string;
  pictures: ShownPicture[];
  up: LineFigures | null;
}
export interface ShownPicture {
  height: number | null;
  largest_height: number | null;
  reason: 'all' | 'size' | 'line' | 'speakers' | 'sender' | 'starting';
  track_id: string;
}
export interface PeerLines {
  lines: PeerLine[];
}
export interface Peers {
  peers: Peer[];
}
export interface PersonInRoom {
  room_id: string;
  user_id: string;
}
export interface PersonPage {
  about: string;
  display_name: string;
  ideas: Idea[];
  is_blocked: boolean;
  languages: string[];
  school: School;
  snippet: Piece[];
  stages: string[];
  subjects: string[];
  user_id: string;
}
export interface PersonRef {
  user_id: string;
}
export interface PersonalCopy {
  asked_at_ms: number | null;
  done: number;
  size_bytes: number;
  state: 'none' | 'working' | 'ready' | 'failed';
}
export interface PinRef {
  criterion_id: string;
  id: string;
  kind: 'content' | 'card' | 'material' | 'snapshot';
  part_id?: string | null;
  passage?: PassageRef | null;
}
export interface PlaceCard {
  begins_on?: string | null;
  card_id: string;
  content_id: string;
  country?: string | null;
  east?: number | null;
  ends_on?: string | null;
  north?: number | null;
  section?: string | '' | null;
  x?: number | null;
  y?: number | null;
  z?: number | null;
}
export interface PlaceIn1 {
  anchor?: string;
  offset?: number;
}
export interface Plan {
  activities: Activity[];
  meetings: PlannedMeeting[];
  twinspace_id: string;
}
export interface PlannedMeeting {
  agenda: string;
  am_invited: boolean;
  changes: Change[];
  created_by: string;
  created_by_name: string;
  ends_at: string;
  ends_at_ms: number;
  id: string;
  invited: Invited;
  is_cancelled: boolean;
  revision: number;
  room_id: string;
  room_title: string;
  starts_at: string;
  starts_at_ms: number;
  time_zone: string;
  title: string;
  twinspace_id: string;
}
export interface PlanActivity {
  /**
   * @maxItems 50
   */
  content_ids?: string[];
  ends_on: string;
  starts_on: string;
  state?: 'planned' | 'running' | 'done' | 'dropped';
  subjects?: {
    /**
     * @maxItems 8
     *
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[A-Za-z0-9_.:-]+$".
     */
    [k: string]:
      | []
      | [string]
      | [string, string]
      | [string, string, string]
      | [string, string, string, string]
      | [string, string, string, string, string]
      | [string, string, string, string, string, string]
      | [string, string, string, string, string, string, string]
      | [string, string, string, string, string, string, string, string];
  };
  /**
   * @maxItems 30
   */
  team_ids?: string[];
  text?: string;
  title: string;
  twinspace_id: string;
}
export interface PlanBreakouts {
  /**
   * @maxItems 200
   */
  apart?: [unknown, unknown][];
  /**
   * @minItems 1
   * @maxItems 40
   */
  groups: [GroupWish, ...GroupWish[]];
  meeting_id?: string | null;
  minutes?: number | null;
  room_id: string;
  title: string;
  twinspace_id: string;
}
export interface PlanChange {
  change: 'added' | 'changed' | 'removed';
  fields: string[];
  id: string;
  title: string;
  what: 'activity' | 'meeting';
}
export interface PlanMeeting {
  agenda?: string;
  ends_at: string;
  invited: Invite;
  room_id: string;
  starts_at: string;
  time_zone: string;
  title: string;
  twinspace_id: string;
}
export interface PlanSeries {
  agenda?: string;
  ends_at: string;
  invited: Invite;
  room_id: string;
  starts_at: string;
  time_zone: string;
  title: string;
  twinspace_id: string;
  until: string;
}
export interface Poll {
  created_at_ms: number;
  ends_at_ms: number | null;
  id: string;
  is_anonymous: boolean;
  is_many: boolean;
  is_quiz: boolean;
  my_counts: number[] | null;
  now_ms: number;
  opened_at_ms: number | null;
  options: string[];
  question: string;
  quiz_id: string | null;
  right: number[] | null;
  right_voices: number | null;
  room_id: string | null;
  seats: number;
  seconds: number;
  state: 'prepared' | 'open' | 'ended';
  tally: number[] | null;
  twinspace_id: string;
  voices: number;
  votes: NamedVote[] | null;
}
export interface PollRef {
  poll_id: string;
}
export interface PollSummary {
  created_at_ms: number;
  ends_at_ms: number | null;
  id: string;
  is_anonymous: boolean;
  is_many: boolean;
  is_quiz: boolean;
  opened_at_ms: number | null;
  options: string[];
  question: string;
  quiz_id: string | null;
  room_id: string | null;
  seconds: number;
  state: 'prepared' | 'open' | 'ended';
  twinspace_id: string;
}
export interface Polls {
  now_ms: number;
  polls: PollSummary[];
}
export interface Post {
  client_post_id: string;
  display_name: string;
  edited_at_ms: number | null;
  is_hidden: boolean;
  is_removed: boolean;
  may_edit: boolean;
  may_remove: boolean;
  posted_at_ms: number;
  school_id: string;
  seq: number;
  text: string;
  thread_id: string;
  user_id: string;
}
export interface PostCard {
  alt?: string;
  begins_on?: string | null;
  client_card_id: string;
  content_id: string;
  country?: string | null;
  drawing?: Drawing | null;
  east?: number | null;
  ends_on?: string | null;
  file_id?: string | null;
  kind?: 'text' | 'image' | 'file' | 'audio' | 'drawing' | 'link' | 'pointer' | 'poll';
  nobody_pictured?: boolean;
  north?: number | null;
  /**
   * @maxItems 8
   */
  options?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string];
  section?: string | '' | null;
  target_id?: string | null;
  target_kind?: ('content' | 'material') | null;
  text?: string;
  tint?: number;
  title?: string;
  url?: string | '';
  x?: number | null;
  y?: number | null;
  z?: number | null;
}
export interface PostComment {
  card_id: string;
  client_comment_id: string;
  content_id: string;
  text: string;
}
export interface PostMessage {
  client_message_id?: string | null;
  lane?: string;
  /**
   * @maxItems 5
   */
  material_ids?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string];
  /**
   * @maxItems 20
   */
  mentions?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string, string, string]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ];
  reply_to?: number | null;
  text: string;
  twinspace_id: string;
}
export interface PostMessageEvent {
  client_message_id: string;
  lane?: string;
  /**
   * @maxItems 5
   */
  material_ids?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string];
  /**
   * @maxItems 20
   */
  mentions?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string, string, string]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ]
    | [
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string,
        string
      ];
  reply_to?: number | null;
  text: string;
  twinspace_id: string;
}
export interface PostRef {
  seq: number;
  thread_id: string;
}
export interface PostRubricComment {
  client_comment_id: string;
  content_id: string;
  criterion_id: string;
  level_id?: string | null;
  text: string;
}
export interface PostVersion {
  text: string;
  written_at_ms: number;
}
export interface PostVersions {
  versions: PostVersion[];
}
export interface Prefer {
  room_id: string;
  /**
   * @maxItems 64
   */
  tracks: TrackPreference[];
}
export interface TrackPreference {
  max_height?: number | null;
  pinned?: boolean;
  track_id: string;
  visible?: boolean;
}
export interface Preferences {
  digest: 'off' | 'daily' | 'weekly';
  feed_since_ms: number | null;
  has_mail: boolean;
  is_own_time_zone: boolean;
  kinds: KindChosen[];
  push_key: string | null;
  quiet_from: string;
  quiet_until: string;
  school_days_only: boolean;
  time_zone: string;
}
export interface PreparePoll {
  is_anonymous?: boolean;
  is_many?: boolean;
  /**
   * @minItems 2
   * @maxItems 10
   */
  options:
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string];
  question: string;
  /**
   * @maxItems 10
   */
  right?:
    | []
    | [number]
    | [number, number]
    | [number, number, number]
    | [number, number, number, number]
    | [number, number, number, number, number]
    | [number, number, number, number, number, number]
    | [number, number, number, number, number, number, number]
    | [number, number, number, number, number, number, number, number]
    | [number, number, number, number, number, number, number, number, number]
    | [number, number, number, number, number, number, number, number, number, number];
  seconds?: number;
  twinspace_id: string;
}
export interface PrepareQuiz {
  is_anonymous?: boolean;
  /**
   * @minItems 1
   * @maxItems 40
   */
  questions: [QuizQuestion, ...QuizQuestion[]];
  seconds?: number;
  title: string;
  twinspace_id: string;
}
export interface QuizQuestion {
  /**
   * @minItems 2
   * @maxItems 10
   */
  options:
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string];
  question: string;
  /**
   * @minItems 1
   * @maxItems 10
   */
  right:
    | [number]
    | [number, number]
    | [number, number, number]
    | [number, number, number, number]
    | [number, number, number, number, number]
    | [number, number, number, number, number, number]
    | [number, number, number, number, number, number, number]
    | [number, number, number, number, number, number, number, number]
    | [number, number, number, number, number, number, number, number, number]
    | [number, number, number, number, number, number, number, number, number, number];
}
export interface PreviewQuestions {
  content_id: string;
  text: string;
}
export interface PrintCards {
  /**
   * @minItems 1
   * @maxItems 60
   */
  cards: [CardToPrint, ...CardToPrint[]];
  class_name?: string;
  language: string;
}
export interface Problem {
  code:
    | 'account_rests'
    | 'condition_missing'
    | 'conflict'
    | 'encryption_differs'
    | 'foreign_origin'
    | 'hub_full'
    | 'in_lobby'
    | 'internal'
    | 'invalid'
    | 'lobby_full'
    | 'locked'
    | 'not_found'
    | 'not_signed_in'
    | 'old_client'
    | 'outdated'
    | 'part_locked'
    | 'poll_ended'
    | 'provider_failed'
    | 'pupils_alone'
    | 'removed_from_room'
    | 'room_ended'
    | 'room_full'
    | 'second_factor_needed'
    | 'too_large'
    | 'too_many'
    | 'unavailable'
    | 'unsupported_type'
    | 'unsupported_version'
    | 'wrong_checksum'
    | 'wrong_secret';
  detail: string;
  field?: string;
  status: number;
  title: string;
  type: string;
  [k: string]: unknown | undefined;
}
export interface Project {
  id: string;
  summary: string;
  title: string;
}
export interface ProposeFounding {
  ends_on: string;
  /**
   * @minItems 1
   * @maxItems 8
   */
  languages:
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string];
  /**
   * @maxItems 12
   */
  outline?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string];
  partner: string;
  programme: 'etwinning' | 'ka1' | 'ka2' | 'other';
  room_title: string;
  stage: 'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational';
  starts_on: string;
  /**
   * @minItems 1
   * @maxItems 12
   */
  subjects:
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string];
  title: string;
}
export interface ProposeGroups {
  /**
   * @maxItems 200
   */
  apart?: [unknown, unknown][];
  count: number;
  seed?: number;
  twinspace_id: string;
  user_ids?: string[] | null;
}
export interface ProposeSuccession {
  leaving_id: string;
  stays?: boolean;
  successor: string;
  twinspace_id: string;
}
export interface ProposedGroup {
  adult_id: string | null;
  user_ids: string[];
}
export interface ProposedGroups {
  groups: ProposedGroup[];
  repeats: number;
  unmet: UnmetDemand[];
}
export interface UnmetDemand {
  demand: 'groups' | 'adults' | 'schools' | 'school' | 'apart';
  group: number | null;
  ids: string[];
}
export interface ProtectedFrom {
  twinspace_id: string;
  user_id: string;
}
export interface ProviderAnswer {
  sign_out_url: string | null;
  unknown: UnknownPerson | null;
  user: User | null;
}
export interface UnknownPerson {
  display_name: string;
  email: string | null;
  provider: Provider;
  schools: School[];
  secret: string;
}
export interface ProviderRef {
  provider_id: string;
}
export interface ProviderReturn {
  code: string;
  iss?: string | null;
  secret: string;
  state: string;
}
export interface ProviderSignIn {
  secret: string;
  url: string;
}
export interface Providers {
  providers: Provider[];
}
export interface Publish {
  room_id: string;
  sdp: string;
  /**
   * @maxItems 64
   */
  tracks: PublishedMedia[];
}
export interface PublishedMedia {
  mid: string;
  muted?: boolean;
  source: 'microphone' | 'camera' | 'screen' | 'screen_audio' | 'interpreter';
}
export interface PublishForm {
  content_id: string;
  round?: ('before' | 'after') | null;
}
export interface PublishTest {
  path: 'udp' | 'tcp' | 'relay';
  sdp: string;
  /**
   * @maxItems 2
   */
  tracks: [] | [TriedMedia] | [TriedMedia, TriedMedia];
}
export interface TriedMedia {
  kind: 'audio' | 'video';
  mid: string;
}
export interface Published {
  sdp: string;
  tracks: NamedTrack[];
}
export interface Pupil {
  asks_for_card: boolean;
  class_name: string;
  display_name: string;
  has_signed_in: boolean;
  user_id: string;
}
export interface PupilRef {
  user_id: string;
}
export interface Pupils {
  pupils: Pupil[];
}
export interface PutInSpotlight {
  room_id: string;
  /**
   * @maxItems 2
   */
  user_ids: [] | [string] | [string, string];
}
export interface PutProfile {
  about?: string;
  is_listed?: boolean;
  /**
   * @maxItems 8
   */
  languages?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string];
  /**
   * @maxItems 5
   */
  stages?:
    | []
    | ['early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational']
    | [
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational'
      ]
    | [
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational'
      ]
    | [
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational'
      ]
    | [
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational',
        'early' | 'primary' | 'lower_secondary' | 'upper_secondary' | 'vocational'
      ];
  /**
   * @maxItems 12
   */
  subjects?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string, string, string];
}
export interface PutTally {
  content_id: string;
  counts: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[A-Za-z0-9_.:-]+$".
     */
    [k: string]: {
      /**
       * This interface was referenced by `undefined`'s JSON-Schema definition
       * via the `patternProperty` "^[A-Za-z0-9_.:-]+$".
       */
      [k: string]: number;
    };
  };
  tally_id: string;
  title: string;
  version: number;
}
export interface QuestionLine {
  faults: LineFault[];
  label: string;
  options: string[];
  required: boolean;
  row: number;
  type:
    | (
        | 'short_text'
        | 'long_text'
        | 'single_choice'
        | 'picture_choice'
        | 'multiple_choice'
        | 'ranking'
        | 'consent'
        | 'scale'
        | 'faces'
        | 'number'
        | 'date'
        | 'matrix'
        | 'rubric'
        | 'drawing'
        | 'file'
        | 'section'
      )
    | null;
}
export interface QuestionLines {
  accepted: number;
  lines: QuestionLine[];
  problem: ('empty' | 'no_title_column' | 'too_many_lines' | 'form_full') | null;
  unknown_columns: string[];
}
export interface QuestionRef {
  question_id: string;
}
export interface Quiz {
  asked: number;
  created_at_ms: number;
  id: string;
  mine: QuizScore | null;
  polls: PollSummary[];
  questions: number;
  room_id: string | null;
  schools: SchoolScore[] | null;
  state: 'prepared' | 'open' | 'ended';
  title: string;
  twinspace_id: string;
}
export interface QuizRef {
  quiz_id: string;
}
export interface QuizSummary {
  asked: number;
  created_at_ms: number;
  id: string;
  questions: number;
  room_id: string | null;
  state: 'prepared' | 'open' | 'ended';
  title: string;
  twinspace_id: string;
}
export interface Quizzes {
  quizzes: QuizSummary[];
}
export interface RaiseHand {
  pupil_id?: string | null;
  room_id: string;
}
export interface Rate {
  assessment_id: string;
  /**
   * @maxItems 40
   */
  evidence?: PinRef[];
  levels: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[A-Za-z0-9_.:-]+$".
     */
    [k: string]: string;
  };
  send?: boolean;
  words?: {
    /**
     * This interface was referenced by `undefined`'s JSON-Schema definition
     * via the `patternProperty` "^[A-Za-z0-9_.:-]+$".
     */
    [k: string]: string;
  };
}
export interface RateResource {
  is_useful: boolean;
  resource_id: string;
}
export interface React {
  lane?: string;
  seq: number;
  sign: ('thumbs_up' | 'heart' | 'laugh' | 'clap' | 'wow' | 'question') | null;
  twinspace_id: string;
}
export interface ReactInRoom {
  reaction: 'clap' | 'heart' | 'laugh' | 'wow' | 'yes' | 'no';
  room_id: string;
}
export interface ReadCaptions {
  from_ms?: number;
  language?: string | null;
  limit?: number;
  room_id: string;
  since?: number;
  to_ms?: number | null;
}
export interface ReadDirectMessages {
  before?: number | null;
  conversation_id: string;
  limit?: number;
}
export interface ReadForm {
  content_id: string;
  version?: number | null;
}
export interface ReadJournal {
  before?: number | null;
  limit?: number;
  twinspace_id: string;
}
export interface ReadLog {
  before?: number | null;
  limit?: number;
  twinspace_id: string;
}
export interface ReadMessages {
  before?: number | null;
  lane?: string;
  limit?: number;
  since?: number | null;
  twinspace_id: string;
}
export interface ReadNotices {
  before?: number | null;
  limit?: number;
}
export interface ReadResults {
  content_id: string;
  version?: number | null;
}
export interface ReadThread {
  after?: number;
  thread_id: string;
}
export interface Readiness {
  media: boolean;
  status: 'ok' | 'unavailable';
  storage: boolean;
}
export interface RecordConsents {
  given_by: 'guardian' | 'self';
  given_on: string;
  granted: boolean;
  how: 'paper' | 'in_person' | 'online';
  of_age?: boolean;
  /**
   * @minItems 1
   * @maxItems 7
   */
  purposes:
    | [
        | 'account'
        | 'live_voice'
        | 'live_camera'
        | 'recording'
        | 'image_public'
        | 'first_name_to_partner'
        | 'external_tool'
      ]
    | [
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        )
      ]
    | [
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        )
      ]
    | [
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        )
      ]
    | [
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        )
      ]
    | [
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        )
      ]
    | [
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        )
      ];
  twinspace_id: string;
  until_on?: string | null;
  /**
   * @minItems 1
   * @maxItems 200
   */
  user_ids: [string, ...string[]];
}
export interface RecordedFile {
  began_at_ms: number | null;
  display_name: string;
  file_id: string;
  size_bytes: number;
  source: 'camera' | 'screen' | 'interpreter';
  user_id: string;
}
export interface RecordedFileRef {
  file_id: string;
  recording_id: string;
  twinspace_id: string;
}
export interface Recording {
  ended_at_ms: number;
  files: RecordedFile[];
  id: string;
  reason: 'stopped' | 'meeting_over' | 'time_over' | 'disk_full' | 'disk_slow' | 'disk_error' | 'interrupted';
  room_id: string;
  started_at_ms: number;
  started_by: string;
  twinspace_id: string;
}
export interface RecordingRef {
  recording_id: string;
  twinspace_id: string;
}
export interface Recordings {
  recordings: Recording[];
}
export interface Refuse {
  content_id: string;
  held_id: string;
  kind: 'card' | 'comment';
  reason: string;
  revision: number;
}
export interface Register {
  country: string;
  display_name: string;
  email: string;
  language: string;
  message?: string;
  new_school?: NewSchool | null;
  password: string;
  school_id?: string | null;
}
export interface RegisterByProvider {
  display_name: string;
  language: string;
  message?: string;
  school_id: string;
  secret: string;
}
export interface Registration {
  display_name: string;
  email: string;
  message: string;
  refused_before: string;
  school: School;
  school_is_new: boolean;
  submitted_at_ms: number;
  user_id: string;
}
export interface Registrations {
  registrations: Registration[];
}
export interface Remove {
  reason: 'mean' | 'scary' | 'private' | 'not_ours' | 'spam' | 'other';
  twinspace_id: string;
  user_id: string;
}
export interface RemoveActivity {
  activity_id: string;
  revision: number;
  twinspace_id: string;
}
export interface RemoveBreakouts {
  breakouts_id: string;
  revision: number;
  twinspace_id: string;
}
export interface RemoveFreeDays {
  free_days_id: string;
  revision: number;
  twinspace_id: string;
}
export interface RenameContent {
  content_id: string;
  title: string;
}
export interface RenamePasskey {
  passkey_id: string;
  title: string;
}
export interface ReportMessage {
  conversation_id: string;
  reason: string;
  seq: number;
}
export interface ReportPost {
  reason: string;
  seq: number;
  thread_id: string;
}
export interface ReportRef {
  report_id: string;
  twinspace_id: string;
}
export interface ReportSomething {
  about_teachers?: boolean;
  kind:
    | 'message'
    | 'caption'
    | 'content'
    | 'card'
    | 'comment'
    | 'material'
    | 'recording'
    | 'thread'
    | 'post'
    | 'debate'
    | 'member'
    | 'twinspace';
  reason: 'mean' | 'scary' | 'private' | 'not_ours' | 'spam' | 'other';
  subject_id: string;
  twinspace_id: string;
  words?: string;
}
export interface Reported {
  report_id: string;
}
export interface ResetFactors {
  email: string;
  reason: string;
}
export interface Resource {
  display_name: string;
  i_find_it_useful: boolean;
  id: string;
  is_mine: boolean;
  language: string;
  licence: string;
  link: string;
  question_count: number | null;
  reason: string;
  school: School;
  snippet: Piece[];
  sort: string;
  stages: string[];
  state: 'waiting' | 'listed' | 'refused';
  subjects: string[];
  submitted_at_ms: number;
  submitted_by: string;
  text: string;
  title: string;
  useful_count: number;
}
export interface ResourceRef {
  resource_id: string;
}
export interface Resources {
  more: boolean;
  resources: Resource[];
}
export interface Results {
  anonymous: boolean;
  content_id: string;
  newest_version: number;
  questions: QuestionResults[];
  response_count: number;
  round: ('before' | 'after') | null;
  tally_count: number;
  version: number;
  waiting_count: number;
}
export interface Room {
  id: string;
  is_encrypted: boolean;
  is_recorded: boolean;
  peer_count: number;
  title: string;
  twinspace_id: string;
}
export interface RoomRef {
  room_id: string;
}
export interface Rooms {
  rooms: Room[];
}
export interface Rubric {
  content_id: string;
  criteria: Criterion[];
  digest: string;
  fault: RubricFault | null;
  levels: Option[];
  number: number;
  school_ids: string[];
  sealed_at_ms: number | null;
  signed: SheetSigned[];
  talk_id: string | null;
  versions: RubricVersion[];
}
export interface RubricFault {
  field: string | null;
  sentence: string;
}
export interface SheetSigned {
  display_name: string;
  is_current: boolean;
  school_id: string;
  signed_at_ms: number;
  user_id: string;
}
export interface RubricVersion {
  content_id: string;
  number: number;
  sealed_at_ms: number | null;
}
export interface SayCaption {
  language: string;
  line_id: string;
  room_id: string;
  text: string;
}
export interface SayLine {
  language?: string;
  line_id: string;
  revision: number;
  room_id: string;
  text: string;
}
export interface SchoolShare {
  characters: number;
  school_id: string | null;
}
export interface Schools {
  regions: string[];
  schools: School[];
}
export interface SchoolsOf {
  country: string;
}
export interface SdpAnswer {
  etag: string;
  ice_servers: IceServer[];
  location: string;
  sdp: string;
}
export interface SeatPupils {
  /**
   * @maxItems 2000
   */
  pupil_ids: string[];
  room_id: string;
}
export interface SendDirectMessage {
  client_message_id: string;
  conversation_id: string;
  text: string;
}
export interface SendKeys {
  /**
   * @minItems 1
   * @maxItems 200
   */
  keys: [KeyFor, ...KeyFor[]];
  room_id: string;
}
export interface Series {
  left_out: LeftOut[];
  meetings: PlannedMeeting[];
}
export interface SetFaq {
  is_faq: boolean;
  question_id: string;
}
export interface SetThread {
  is_closed?: boolean | null;
  is_pinned?: boolean | null;
  thread_id: string;
}
export interface SetTimer {
  length_ms?: number;
  room_id: string;
  step: 'start' | 'pause' | 'resume' | 'add' | 'end';
}
export interface Share {
  audience: 'families' | 'inspection' | 'public';
  created_at_ms: number;
  expires_at_ms: number | null;
  id: string;
  is_open: boolean;
  made_by: string;
  seal: string | null;
  title: string;
  url: string | null;
}
export interface ShareDesk {
  language: string;
  mode: 'baton' | 'together';
  room_id: string;
}
export interface ShareRef {
  share_id: string;
  twinspace_id: string;
}
export interface Shared {
  audience: 'families' | 'inspection' | 'public';
  expires_at_ms: number | null;
  items: SharedItem[];
  schools: SharedSchool[];
  seal: string | null;
  summary: string;
  title: string;
  twinspace_title: string;
  withheld: number;
}
export interface SharedItem {
  alt: string;
  blocks: unknown;
  file: SharedFile | null;
  happened_at_ms: number | null;
  id: string;
  kind: string;
  licence: string;
  school: string | null;
  text: string;
  title: string;
  url: string;
}
export interface SharedFile {
  filename: string;
  is_shown: boolean;
  media_type: string;
  preview_url: string | null;
  url: string;
}
export interface SharedSchool {
  city: string;
  country: string;
  name: string;
}
export interface SharedFileRef {
  ticket: string;
}
export interface Shares {
  shares: Share[];
}
export interface Sheet {
  answers: {
    [k: string]:
      | (
          | string
          | number
          | string[]
          | {
              /**
               * This interface was referenced by `undefined`'s JSON-Schema definition
               * via the `patternProperty` "^[A-Za-z0-9_.:-]+$".
               */
              [k: string]: string;
            }
          | Drawing
          | null
        )
      | undefined;
  };
  content_id: string;
  digest: string;
  faults: {
    [k: string]: string | undefined;
  };
  school_ids: string[];
  sheet_id: string;
  signed: SheetSigned[];
  submitted_at_ms: number | null;
  version: number;
  writers: SheetWriter[];
}
export interface SheetWriter {
  client_id: number;
  display_name: string;
  school_id: string;
  user_id: string;
}
export interface SheetRef {
  content_id: string;
  version?: number | null;
}
export interface SignFounding {
  agreement: string;
  twinspace_id: string;
}
export interface SignIn {
  class_key?: string | null;
  name?: string | null;
  password?: string | null;
}
export interface SignRubric {
  content_id: string;
  digest: string;
}
export interface SignSheet {
  content_id: string;
  digest: string;
  version: number;
}
export interface SnapshotContent {
  blocks: unknown;
  content_id: string;
  kind: string;
  title: string;
}
export interface SnapshotContentRef {
  content_id: string;
  snapshot_id: string;
}
export interface SnapshotDetail {
  cause: string;
  content_count: number;
  contents: KeptContent[];
  debate_count: number;
  files: KeptFile[];
  id: string;
  parent: string | null;
  plan: PlanChange[];
  seq: number;
  taken_at_ms: number;
  taken_by: string;
  thread_count: number;
  title: string;
  tree: string;
  twinspace_id: string;
}
export interface SnapshotFileRef {
  content_id: string;
  file_id: string;
  snapshot_id: string;
}
export interface SnapshotRef {
  snapshot_id: string;
}
export interface Snapshots {
  snapshots: Snapshot[];
}
export interface StartConversation {
  client_message_id: string;
  text: string;
  title?: string;
  /**
   * @minItems 1
   * @maxItems 9
   */
  user_ids:
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string];
}
export interface StartRecording {
  include_me?: boolean;
  room_id: string;
}
export interface StartThread {
  text: string;
  title: string;
}
export interface StartTwinspaceThread {
  text: string;
  title: string;
  twinspace_id: string;
}
export interface StoredFile {
  content_type: string;
  filename: string;
  is_shown?: boolean;
  path: string;
}
export interface SubjectInput {
  kind: string;
  subject_id: string;
  twinspace_id: string;
}
export interface SubscribeTest {
  path: 'udp' | 'tcp' | 'relay';
  sdp: string;
  /**
   * @maxItems 2
   */
  tracks: [] | [WantedMedia] | [WantedMedia, WantedMedia];
}
export interface WantedMedia {
  mid: string;
  track_id: string;
}
export interface Subscribed {
  sdp: string;
  undecodable: string[];
}
export interface SuccessionRef {
  succession_id: string;
  twinspace_id: string;
}
export interface Successions {
  successions: Succession[];
}
export interface SwitchLobby {
  has_lobby: boolean;
  room_id: string;
}
export interface TakeQuestion {
  former_owner_id?: string | null;
  question_id: string;
}
export interface TakeSnapshot {
  title: string;
  twinspace_id: string;
}
export interface TakeTranscript {
  form: 'vtt' | 'txt';
  from_ms?: number;
  language?: string | null;
  room_id: string;
  to_ms?: number | null;
}
export interface TallyRef {
  content_id: string;
  tally_id: string;
}
export interface Team {
  adult_ids: string[];
  id: string;
  revision: number;
  school_ids: string[];
  title: string;
  twinspace_id: string;
  user_ids: string[];
}
export interface TeamRef {
  team_id: string;
  twinspace_id: string;
}
export interface Teams {
  teams: Team[];
}
export interface TemplateRef {
  template_id: string;
}
export interface Text {
  content_type: string;
  text: string;
}
export interface TextLines {
  lines: TextLine[];
}
export interface Thread {
  created_at_ms: number;
  created_by: string;
  display_name: string;
  follows: boolean;
  id: string;
  is_closed: boolean;
  is_pinned: boolean;
  latest_at_ms: number;
  post_count: number;
  title: string;
  twinspace_id: string | null;
  unread: number;
}
export interface ThreadPage {
  may_moderate: boolean;
  may_post: boolean;
  more: boolean;
  posts: Post[];
  thread: Thread;
}
export interface Threads {
  more: boolean;
  threads: Thread[];
}
export interface TurnRef {
  debate_id: string;
  seq: number;
}
export interface TurnTo {
  content_id: string;
  place: PlaceIn1;
  room_id: string;
}
export interface Twinspace {
  id: string;
  phase: 'founding' | 'withdrawn' | 'idea' | 'before' | 'during' | 'after' | 'closed' | 'archived';
  role:
    | 'founder'
    | 'teacher'
    | 'librarian'
    | 'pupil_editor'
    | 'pupil'
    | 'head_teacher'
    | 'adviser'
    | 'lecturer'
    | 'expert'
    | 'ambassador'
    | 'inspector'
    | 'family'
    | 'visitor'
    | 'regional_staff'
    | 'national_staff'
    | 'central_staff';
  schools: School[];
  summary: string;
  title: string;
}
export interface TwinspaceDetail {
  acts: string[];
  id: string;
  members: Member[];
  phase: 'founding' | 'withdrawn' | 'idea' | 'before' | 'during' | 'after' | 'closed' | 'archived';
  project: Project;
  role:
    | 'founder'
    | 'teacher'
    | 'librarian'
    | 'pupil_editor'
    | 'pupil'
    | 'head_teacher'
    | 'adviser'
    | 'lecturer'
    | 'expert'
    | 'ambassador'
    | 'inspector'
    | 'family'
    | 'visitor'
    | 'regional_staff'
    | 'national_staff'
    | 'central_staff';
  rooms: Room[];
  schools: School[];
  summary: string;
  title: string;
}
export interface TwinspaceRef {
  twinspace_id: string;
}
export interface Twinspaces {
  twinspaces: Twinspace[];
}
export interface TypeText {
  at: number;
  inserted: string;
  language?: string;
  line_id: string;
  removed: number;
  revision: number;
  room_id: string;
}
export interface Unsubscribe {
  endpoint: string;
}
export interface UploadRef {
  upload_id: string;
}
export interface UploadState {
  expires_at_ms: number;
  length: number;
  offset: number;
  upload_id: string;
}
export interface VersionRef {
  material_id: string;
  version?: number | null;
}
export interface Versions {
  versions: StoredVersion[];
}
export interface Vote {
  /**
   * @minItems 2
   * @maxItems 10
   */
  counts:
    | [number, number]
    | [number, number, number]
    | [number, number, number, number]
    | [number, number, number, number, number]
    | [number, number, number, number, number, number]
    | [number, number, number, number, number, number, number]
    | [number, number, number, number, number, number, number, number]
    | [number, number, number, number, number, number, number, number, number]
    | [number, number, number, number, number, number, number, number, number, number];
  poll_id: string;
}
export interface WallGrowth {
  steps: GrowthStep[];
}
export interface WallLayout {
  all_move: boolean;
  sections: Section[];
  view: 'wall' | 'columns' | 'timeline' | 'map' | 'canvas';
}
export interface WantedTrack {
  mid: string;
  track_id: string;
}
export interface WhepOffer {
  names?: string;
  peer_id: string;
  room_id: string;
  sdp: string;
}
export interface WhepPatch {
  if_match?: string | null;
  peer_id: string;
  room_id: string;
  sdp: string;
  viewer_id: string;
}
export interface WhepRef {
  peer_id: string;
  room_id: string;
  viewer_id: string;
}
export interface WhipOffer {
  name?: string | null;
  room_id: string;
  sdp: string;
}
export interface WhipPatch {
  if_match?: string | null;
  peer_id: string;
  room_id: string;
  sdp: string;
}
export interface WhipRef {
  peer_id: string;
  room_id: string;
}
export interface WithdrawConsents {
  /**
   * @minItems 1
   * @maxItems 7
   */
  purposes:
    | [
        | 'account'
        | 'live_voice'
        | 'live_camera'
        | 'recording'
        | 'image_public'
        | 'first_name_to_partner'
        | 'external_tool'
      ]
    | [
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        )
      ]
    | [
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        )
      ]
    | [
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        )
      ]
    | [
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        )
      ]
    | [
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        )
      ]
    | [
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        ),
        (
          | 'account'
          | 'live_voice'
          | 'live_camera'
          | 'recording'
          | 'image_public'
          | 'first_name_to_partner'
          | 'external_tool'
        )
      ];
}
export interface WriteNote {
  answers?: boolean;
  question_id: string;
  text: string;
}
export interface WritePost {
  client_post_id: string;
  text: string;
  thread_id: string;
}
export interface Writer {
  characters: number;
  display_name: string | null;
  school_id: string | null;
  user_id: string | null;
}
export interface WrittenContent {
  runs: WrittenRun[];
  schools: SchoolShare[];
  writers: Writer[];
}
export interface WrittenRun {
  begins_text: boolean;
  text: string;
  user_id: string | null;
  written_at_ms: number | null;
  written_by: string | null;
}
export interface Hub_Payloads_Chat__MarkRead {
  lane?: string;
  seq: number;
  twinspace_id: string;
}
export interface Hub_Payloads_Conversations__MarkRead {
  conversation_id: string;
  seq: number;
}
export interface Hub_Payloads_Notices__MarkRead {
  /**
   * @maxItems 100
   */
  seqs?: number[];
  up_to?: number;
}
export interface Hub_Payloads_Notices__Subscribe {
  auth: string;
  endpoint: string;
  p256dh: string;
}
export interface Hub_Payloads_Rooms__Mute {
  muted: boolean;
  room_id: string;
  track_id: string;
}
export interface Hub_Payloads_Rooms__Subscribe {
  room_id: string;
  sdp: string;
  /**
   * @maxItems 64
   */
  tracks: WantedTrack[];
}
export interface Hub_Payloads_Safety__Mute {
  minutes?: number | null;
  /**
   * @minItems 1
   * @maxItems 3
   */
  parts:
    | ['chat' | 'write' | 'speak']
    | ['chat' | 'write' | 'speak', 'chat' | 'write' | 'speak']
    | ['chat' | 'write' | 'speak', 'chat' | 'write' | 'speak', 'chat' | 'write' | 'speak'];
  reason: 'mean' | 'scary' | 'private' | 'not_ours' | 'spam' | 'other';
  twinspace_id: string;
  user_id: string;
}
