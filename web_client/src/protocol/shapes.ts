/**
 * The shapes of PROTOCOL.md. What the hub's own table says is generated (schema.d.ts); here the strings that are one of
 * a few get their names, and fields that the hub leaves out when they are empty are optional.
 */
import type * as hub from './schema';

export type SchoolShape = 'circle' | 'square' | 'triangle' | 'hexagon' | 'drop' | 'star';
export type Act =
  | 'read'
  | 'chat'
  | 'write'
  | 'moderate'
  | 'gate'
  | 'answer'
  | 'create'
  | 'build'
  | 'meet'
  | 'snapshot'
  | 'invite'
  | 'agree'
  | 'steer'
  | 'consent'
  | 'record'
  | 'recordings'
  | 'publish'
  | 'upload'
  | 'arrange'
  | 'present'
  | 'breakouts'
  | 'report'
  | 'protect'
  | 'plan';
export type Role = hub.Twinspace['role'];
export type ContentKind = 'document' | 'wall' | 'whiteboard' | 'form' | 'rubric';

export interface School extends Omit<hub.School, 'shape'> {
  shape: SchoolShape;
}

export interface User extends Omit<hub.User, 'school'> {
  school: School;
}

export interface UnknownPerson extends Omit<hub.UnknownPerson, 'schools'> {
  schools: School[];
}

export interface ProviderAnswer {
  user: User | null;
  unknown: UnknownPerson | null;
  sign_out_url: string | null;
}

export type Member = hub.Member;
export type Room = hub.Room;
export type PeerLine = hub.PeerLine;
export type Recording = hub.Recording;
export type RecordingState = hub.RecordingState;

export interface Twinspace extends Omit<hub.Twinspace, 'schools'> {
  schools: School[];
}

export interface TwinspaceDetail extends Omit<hub.TwinspaceDetail, 'schools' | 'acts'> {
  schools: School[];
  acts: Act[];
}

export interface Content extends Omit<hub.Content, 'kind'> {
  kind: ContentKind;
}

export type Rung = hub.Content['visibility'];
export type Material = hub.Material;
export type Materials = hub.Materials;
export type StoredVersion = hub.StoredVersion;
export type Team = hub.Team;
export type Page = hub.Page;
export type Pages = hub.Pages;
export type Share = hub.Share;
export type NewShare = hub.NewShare;
export type Shared = hub.Shared;

export type Message = hub.Message;
export type Snapshot = hub.Snapshot;

export interface SnapshotContent extends Omit<hub.KeptContent, 'kind' | 'blob'> {
  kind: ContentKind;
}

export interface JournalEntry extends Omit<hub.JournalEntry, 'details'> {
  details: Record<string, unknown>;
}

export type Piece = hub.Piece;
export type Hit = hub.Hit;
export type HitGroup = hub.HitGroup;
export type HitKind = hub.Hit['kind'];

export type MyProfile = hub.MyProfile;
export interface Idea extends Omit<hub.Idea, 'school'> {
  school: School;
}
export interface FoundProfile extends Omit<hub.FoundProfile, 'school'> {
  school: School;
}
export interface PersonPage extends Omit<hub.PersonPage, 'school' | 'ideas'> {
  school: School;
  ideas: Idea[];
}
export type DirectMessage = hub.DirectMessage;
export interface Conversation extends Omit<hub.Conversation, 'people'> {
  people: (Omit<hub.Correspondent, 'school'> & { school: School })[];
}
export interface DirectMessages extends Omit<hub.DirectMessages, 'conversation'> {
  conversation: Conversation;
}
export interface Resource extends Omit<hub.Resource, 'school'> {
  school: School;
}
export interface FormTemplateLine extends Omit<hub.FormTemplateLine, 'school'> {
  school: School | null;
}
export type FormTemplate = Omit<hub.FormTemplate, 'school' | 'questions'> &
  Pick<FormTemplateLine, 'school'> & { questions: Question[] };
export type HelpQuestion = hub.HelpQuestion;
export type HelpQuestionSummary = hub.HelpQuestionSummary;
export type FrequentQuestion = hub.FrequentQuestion;
export type Figures = hub.Figures;
export type Thread = hub.Thread;
export type ThreadPage = hub.ThreadPage;
export type Post = hub.Post;
export type Debate = hub.Debate;
export type DebateSummary = hub.DebateSummary;
export type Poll = hub.Poll;
export type PollSummary = hub.PollSummary;
export type Quiz = hub.Quiz;
export type QuizSummary = hub.QuizSummary;
export type SchoolScore = hub.SchoolScore;
export type Tally = hub.Tally;

export type ClassCard = hub.ClassCard;
export type Pupil = hub.Pupil;
export type GuestLink = hub.GuestLink;
export type NewGuestLink = hub.NewGuestLink;
export type Login = hub.Login;
export type NewSecondFactor = hub.NewSecondFactor;
export type Identity = hub.Identity;
export type Provider = hub.Provider;
export type ProviderSignIn = hub.ProviderSignIn;
export type Passkey = hub.Passkey;
export type Passkeys = hub.Passkeys;
export type PasskeyQuestion = hub.PasskeyQuestion;
export type Country = hub.Country;
export type Registration = hub.Registration;
export type MyRegistration = hub.MyRegistration;
export type NewCard = hub.NewCard;

type Tint = 1 | 2 | 3 | 4 | 5 | 6;
export interface Card extends Required<Omit<hub.Card, 'tint'>> {
  tint: Tint;
}
export type CardKind = NonNullable<Card['kind']>;
export interface CardPoll extends Omit<hub.CardPoll, 'counts'> {
  counts: Count[];
}
export interface CardPolls {
  polls: CardPoll[];
}
export type WallLayout = hub.WallLayout;
export type GrowthStep = hub.GrowthStep;
export type WallGrowth = hub.WallGrowth;
export type Comment = hub.Comment;
export type Mark = hub.Mark;
export interface HeldThing extends Omit<hub.HeldThing, 'card' | 'former'> {
  card: Card;
  former: Card | null;
}
export interface HeldThings {
  held: HeldThing[];
}
export type ApprovedAll = hub.ApprovedAll;

export type QuestionType = hub.Question['type'];

export type Question = hub.Question;
export type Condition = hub.Condition;

export type Drawing = hub.Drawing;
export type Answer = string | string[] | number | Record<string, string> | Drawing;

export type LineFault = hub.LineFault;
export interface QuestionLines extends Omit<hub.QuestionLines, 'lines'> {
  lines: hub.QuestionLine[];
}

export interface Form extends Omit<hub.Form, 'questions' | 'my_answers' | 'my_draft'> {
  questions: Question[];
  my_answers: Record<string, Answer> | null;
  my_draft: { version: number; answers: Record<string, Answer>; changed_at_ms: number } | null;
}

export interface Sheet extends Omit<hub.Sheet, 'answers'> {
  answers: Record<string, Answer>;
}

export type Rubric = hub.Rubric;
export type Assessment = hub.AssessmentDetail;
export type AssessmentLine = hub.AssessmentLine;
export type GivenRating = hub.GivenRating;
export type Pin = hub.Pin;
export type PinRef = hub.PinRef;
export type RubricWords = Pick<hub.Rubric, 'levels' | 'criteria'>;
export type Answered = hub.Answered;
export type ClassTally = hub.ClassTally;
/** A number of people, or that it is hidden: under five (`few`), or because it would give one away (`kept`). */
export type Shown = number | 'few' | 'kept';

export interface Count extends Omit<hub.Count, 'by_school'> {
  by_school: Record<string, Shown>;
}

export interface QuestionResult extends Omit<hub.QuestionResults, 'counts' | 'rows'> {
  counts?: Count[] | null;
  rows?: { id: string; label: string; counts: Count[] }[] | null;
}

export interface Results extends Omit<hub.Results, 'questions'> {
  questions: QuestionResult[];
}

export interface Comparison extends Omit<hub.Comparison, 'pairs'> {
  pairs: { before: QuestionResult; after: QuestionResult; change?: number | null }[];
}

export type Phase = hub.Twinspace['phase'];
/** A phase in which the TwinSpace can be seen at all. */
export type OpenPhase = Exclude<Phase, 'founding' | 'withdrawn'>;
export type Life = hub.Life;

export interface Founder extends Omit<hub.Founder, 'school'> {
  school: School;
}

export interface FoundingSummary extends Omit<hub.FoundingSummary, 'founders'> {
  founders: Founder[];
}

export interface Founding extends Omit<hub.Founding, 'founders' | 'succession'> {
  founders: Founder[];
  succession: Succession | null;
}

export interface SuccessionPerson extends Omit<hub.SuccessionPerson, 'school'> {
  school: School;
}

export interface Succession extends Omit<hub.Succession, 'leaving' | 'remaining' | 'successor'> {
  leaving: SuccessionPerson;
  remaining: SuccessionPerson;
  successor: SuccessionPerson;
}

export type ConsentSheet = hub.ConsentSheet;
export type PupilConsents = hub.PupilConsents;
export type ConsentEntry = hub.ConsentEntry;
export type Purpose = ConsentEntry['purpose'];
export type OwnConsents = hub.OwnConsents;

export type SubjectKind = hub.ReportSomething['kind'];
export type ReportReason = hub.ReportSomething['reason'];
export type MutePart = hub.OwnMute['parts'][number];
export type Report = hub.Report;
export type HiddenThing = hub.HiddenThing;
export type Moderation = hub.Moderation;
export type PersonalCopy = hub.PersonalCopy;
export type OpenReports = hub.OpenReports;
export type OwnMute = hub.OwnMute;
export type ModerationEntry = hub.LogEntry;

export type Track = hub.Track;
export type TrackSource = Track['source'];
export type Peer = hub.Peer;
export type SessionEndReason = hub.SessionEnded['reason'];

/** Announcement name → payload (PROTOCOL.md, Socket.IO). */
export interface Announcements extends Omit<
  hub.Announcements,
  'account:changed' | 'content:created' | 'content:changed' | 'journal:recorded'
> {
  'account:changed': User;
  'content:created': Content;
  'content:changed': Content;
  'journal:recorded': JournalEntry & { twinspace_id: string };
}

export type LineTestBegun = hub.LineTestBegun;
export type LineTestPublished = hub.LineTestPublished;
export type LineTestSubscribed = hub.LineTestSubscribed;
