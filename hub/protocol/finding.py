"""Finding things and people: search, partners, messages between teachers, shelf, help desk, figures."""

from __future__ import annotations

from hub.access import Duty
from hub.actions import conversations, help_desk, partners, search, shelf, statistics
from hub.payloads import conversations as conversation_payloads
from hub.payloads import partners as partner_payloads
from hub.payloads import search as search_payloads
from hub.payloads import shelf as shelf_payloads
from hub.payloads import statistics as statistics_payloads
from hub.payloads.fields import Nothing
from hub.protocol.paths import API, RARE, SEARCHING
from hub.table import WRITING, Announcement, Event, Limit, Route

# One bucket for everybody, for counting costs.
COUNTING = Limit(per_minute=300, burst=60)

IDEA = f"{API}/ideas/{{idea_id}}"
CONVERSATION = f"{API}/conversations/{{conversation_id}}"
BLOCK = f"{API}/me/blocks/{{user_id}}"
RESOURCE = f"{API}/resources/{{resource_id}}"
QUESTION = f"{API}/help/questions/{{question_id}}"

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{API}/search", search.find, search_payloads.Find, search_payloads.Found,
          "What I may see, by its words.", None, limit=SEARCHING),

    Route("GET", f"{API}/me/profile", partners.read_my_profile, Nothing, partner_payloads.MyProfile,
          "What I tell teachers of other schools about myself.", Duty.NETWORK),
    Route("PUT", f"{API}/me/profile", partners.put_my_profile, partner_payloads.PutProfile, partner_payloads.MyProfile,
          "Tell it, and say whether I am found.", Duty.NETWORK, limit=WRITING),
    Route("GET", f"{API}/profiles", partners.find_profiles, partner_payloads.FindPartners,
          partner_payloads.FoundProfiles, "Teachers who want to be found.", Duty.NETWORK, limit=SEARCHING),
    Route("GET", f"{API}/profiles/{{user_id}}", partners.read_person, partner_payloads.PersonRef,
          partner_payloads.PersonPage, "One of them, with the ideas that look for partners.", Duty.NETWORK),
    Route("GET", f"{API}/ideas", partners.find_ideas, partner_payloads.FindPartners, partner_payloads.Ideas,
          "Project ideas that look for partners.", Duty.NETWORK, limit=SEARCHING),
    Route("GET", f"{API}/me/ideas", partners.list_my_ideas, Nothing, partner_payloads.Ideas,
          "Mine, also those that are over.", Duty.NETWORK),
    Route("POST", f"{API}/ideas", partners.make_idea, partner_payloads.MakeIdea, partner_payloads.Idea,
          "Look for partners for a project.", Duty.NETWORK, status=201, limit=RARE),
    Route("GET", IDEA, partners.read_idea, partner_payloads.IdeaRef, partner_payloads.Idea,
          "One idea.", Duty.NETWORK),
    Route("PUT", IDEA, partners.change_idea, partner_payloads.ChangeIdea, partner_payloads.Idea,
          "Change one's idea.", Duty.NETWORK, limit=WRITING),
    Route("DELETE", IDEA, partners.remove_idea, partner_payloads.IdeaRef, None,
          "Take one's idea away.", Duty.NETWORK, status=204, limit=WRITING),

    Route("GET", f"{API}/conversations", conversations.list_conversations, Nothing,
          conversation_payloads.Conversations, "My conversations with other teachers, the liveliest first.",
          Duty.NETWORK),
    Route("POST", f"{API}/conversations", conversations.start_conversation, conversation_payloads.StartConversation,
          conversation_payloads.Conversation, "Write to a teacher, or to a new group.", Duty.NETWORK, status=201,
          limit=RARE),
    Route("GET", f"{CONVERSATION}/messages", conversations.read_direct_messages,
          conversation_payloads.ReadDirectMessages, conversation_payloads.DirectMessages,
          "What was said, oldest first.", Duty.NETWORK),
    Route("POST", f"{CONVERSATION}/messages", conversations.send_direct_message,
          conversation_payloads.SendDirectMessage, conversation_payloads.DirectMessage, "Say something.",
          Duty.NETWORK, status=201, limit=WRITING),
    Route("PUT", f"{CONVERSATION}/read", conversations.mark_conversation_read, conversation_payloads.MarkRead, None,
          "I have read up to here.", Duty.NETWORK, status=204),
    Route("POST", f"{CONVERSATION}/report", conversations.report_message, conversation_payloads.ReportMessage, None,
          "Bring a message before the support service.", Duty.NETWORK, status=204, limit=RARE),
    Route("DELETE", CONVERSATION, conversations.leave_conversation, conversation_payloads.ConversationRef, None,
          "Leave a conversation.", Duty.NETWORK, status=204, limit=WRITING),
    Route("GET", f"{API}/me/blocks", conversations.list_blocked, Nothing, conversation_payloads.BlockedPeople,
          "Whom I don't want to hear from.", Duty.NETWORK),
    Route("PUT", BLOCK, conversations.block_person, partner_payloads.PersonRef, None,
          "Hear nothing more of a teacher.", Duty.NETWORK, status=204, limit=WRITING),
    Route("DELETE", BLOCK, conversations.unblock_person, partner_payloads.PersonRef, None,
          "Hear of them again.", Duty.NETWORK, status=204, limit=WRITING),

    Route("GET", f"{API}/resources", shelf.find_resources, shelf_payloads.FindResources, shelf_payloads.Resources,
          "The resource shelf.", Duty.NETWORK, limit=SEARCHING),
    Route("POST", f"{API}/resources", shelf.add_resource, shelf_payloads.AddResource, shelf_payloads.Resource,
          "Offer something for the shelf.", Duty.NETWORK, status=201, limit=RARE),
    Route("GET", f"{API}/me/resources", shelf.list_my_resources, Nothing, shelf_payloads.Resources,
          "What I have offered.", Duty.NETWORK),
    Route("GET", f"{API}/resources_waiting", shelf.list_waiting_resources, Nothing, shelf_payloads.Resources,
          "What waits to be looked at.", Duty.SUPPORT),
    Route("GET", RESOURCE, shelf.read_resource, shelf_payloads.ResourceRef, shelf_payloads.Resource,
          "One resource.", Duty.NETWORK),
    Route("PUT", f"{RESOURCE}/useful", shelf.rate_resource, shelf_payloads.RateResource, shelf_payloads.Resource,
          "Say that it is useful, or take that back.", Duty.NETWORK, limit=WRITING),
    Route("POST", f"{RESOURCE}/decision", shelf.decide_resource, shelf_payloads.DecideResource,
          shelf_payloads.Resource, "Put it on the shelf, or take it off with a reason.", Duty.SUPPORT, limit=WRITING),
    Route("DELETE", RESOURCE, shelf.remove_resource, shelf_payloads.ResourceRef, None,
          "Take it away: one's own, or any for a service.", Duty.NETWORK, status=204, limit=WRITING),

    Route("GET", f"{API}/help/frequent", help_desk.list_frequent_questions, Nothing, shelf_payloads.FrequentQuestions,
          "What was asked often, with the answers.", Duty.NETWORK),
    Route("GET", f"{API}/help/questions", help_desk.list_my_questions, Nothing, shelf_payloads.HelpQuestions,
          "What I have asked.", Duty.NETWORK),
    Route("POST", f"{API}/help/questions", help_desk.ask_question, shelf_payloads.AskQuestion,
          shelf_payloads.HelpQuestion, "Ask the support service.", Duty.NETWORK, status=201, limit=RARE),
    Route("GET", f"{API}/help/queue", help_desk.list_queue, Nothing, shelf_payloads.HelpQuestions,
          "What waits for an answer in my country.", Duty.SUPPORT),
    Route("GET", QUESTION, help_desk.read_question, shelf_payloads.QuestionRef, shelf_payloads.HelpQuestion,
          "One question: mine, or one that I may answer.", Duty.NETWORK),
    Route("POST", f"{QUESTION}/notes", help_desk.write_note, shelf_payloads.WriteNote, shelf_payloads.HelpQuestion,
          "Add something, or answer it.", Duty.NETWORK, limit=WRITING),
    Route("PUT", f"{QUESTION}/owner", help_desk.take_question, shelf_payloads.TakeQuestion,
          shelf_payloads.HelpQuestion, "Answer for it from now on.", Duty.SUPPORT, limit=WRITING),
    Route("PUT", f"{QUESTION}/brought", help_desk.hide_brought, shelf_payloads.HideBrought,
          shelf_payloads.HelpQuestion, "Hide what it brings before the service, or show it again.", Duty.SUPPORT,
          limit=WRITING),
    Route("DELETE", f"{QUESTION}/brought", help_desk.erase_brought, shelf_payloads.QuestionRef,
          shelf_payloads.HelpQuestion, "Erase what is hidden for good.", Duty.SUPPORT, limit=RARE),
    Route("PUT", f"{QUESTION}/frequent", help_desk.set_frequent, shelf_payloads.SetFaq, shelf_payloads.HelpQuestion,
          "Show an answered question to everybody, or no more.", Duty.SUPPORT, limit=WRITING),

    Route("GET", f"{API}/statistics", statistics.read_statistics, None, statistics_payloads.Figures,
          "Figures of the countries, counted now; small ones are hidden.", None, open=True, limit=COUNTING),
)

EVENTS: tuple[Event, ...] = ()

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("conversation:posted", conversation_payloads.DirectMessage,
                 "Something was said in a conversation; told to its people."),
    Announcement("conversation:changed", conversation_payloads.Conversation,
                 "I have read on in a conversation; told to my other windows."),
    Announcement("conversation:hidden", conversation_payloads.LetterHidden,
                 "A support service has hidden a message, or shows it again."),
    Announcement("conversation:left", conversation_payloads.ConversationGone, "I have left a conversation."),
    Announcement("help:changed", shelf_payloads.HelpChanged,
                 "A question that I have asked or taken has another state or note."),
)
# fmt: on
