"""Forms: published, answered alone or together, counted, compared."""

from __future__ import annotations

from hub.access import Act, Duty
from hub.actions import form_questions, form_results, form_sheets, form_tallies, form_templates, forms
from hub.payloads import contents as content_payloads
from hub.payloads import form_questions as question_payloads
from hub.payloads import form_results as result_payloads
from hub.payloads import form_sheets as sheet_payloads
from hub.payloads import form_templates as template_payloads
from hub.payloads import forms as form_payloads
from hub.payloads import operations as operation_payloads
from hub.payloads import shelf as shelf_payloads
from hub.protocol.paths import API, FORM, RARE, SEARCHING, TWINSPACE
from hub.table import WRITING, Announcement, Limit, Route

TYPING = Limit(per_minute=240, burst=60)
"""Drafts are kept while one types."""

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("POST", f"{FORM}/versions", forms.publish_form, form_payloads.PublishForm, form_payloads.Form,
          "Freeze what the builder shows as the next version, open for answers.", Act.BUILD, status=201, limit=RARE),
    Route("GET", f"{FORM}/questions", form_questions.export_questions, question_payloads.ExportQuestions,
          operation_payloads.Download, "The builder's questions as a sheet, or a sample.", Act.BUILD, limit=RARE),
    Route("POST", f"{FORM}/questions/preview", form_questions.preview_questions, question_payloads.PreviewQuestions,
          question_payloads.QuestionLines, "What a sheet of questions would add, line by line.", Act.BUILD,
          limit=WRITING),
    Route("POST", f"{FORM}/questions", form_questions.import_questions, question_payloads.ImportQuestions,
          question_payloads.Imported, "Add the questions of a sheet in one change, or none of them.", Act.BUILD,
          limit=WRITING),
    Route("POST", f"{FORM}/template", form_templates.keep_template, template_payloads.KeepTemplate,
          shelf_payloads.Resource, "Keep what the builder shows as a template on the resource shelf.", Act.BUILD,
          status=201, limit=RARE),
    Route("GET", f"{API}/form_templates", form_templates.find_templates, template_payloads.FindTemplates,
          template_payloads.FormTemplates, "Templates to begin a form with: ready-made, mine, and the shelf's.",
          Duty.NETWORK, limit=SEARCHING),
    Route("GET", f"{API}/form_templates/{{template_id}}", form_templates.read_template, template_payloads.TemplateRef,
          template_payloads.FormTemplate, "One template, with all that it asks.", Duty.NETWORK),
    Route("POST", f"{TWINSPACE}/forms", form_templates.make_form, template_payloads.MakeForm,
          content_payloads.Content, "Begin a form with a template.", Act.BUILD, status=201, limit=WRITING),
    Route("GET", FORM, forms.read_form, form_payloads.ReadForm, form_payloads.Form,
          "The newest version, or the one I have begun to answer, with my answers.", Act.READ),
    Route("PUT", f"{FORM}/draft", forms.keep_draft, form_payloads.AnswerForm, form_payloads.DraftKept,
          "Keep what I have answered so far; null takes an answer out.", Act.ANSWER, limit=TYPING),
    Route("PUT", f"{FORM}/response", forms.answer_form, form_payloads.AnswerForm, form_payloads.Answered,
          "Give or replace my answers.", Act.ANSWER, limit=WRITING),
    Route("GET", f"{FORM}/sheet", form_sheets.read_shared_sheet, sheet_payloads.SheetRef, sheet_payloads.Sheet,
          "The sheet that the schools fill in together: who wrote it, and whose word is missing.", Act.READ),
    Route("PUT", f"{FORM}/sheet/signature", form_sheets.sign_shared_sheet, sheet_payloads.SignSheet,
          sheet_payloads.Sheet,
          "Say for my school that the sheet may be handed in; the last school's word hands it in.", Act.ANSWER,
          limit=WRITING),
    Route("GET", f"{FORM}/results", form_results.read_results, result_payloads.ReadResults, result_payloads.Results,
          "The answers counted, by school; small numbers are hidden.", Act.BUILD),
    Route("GET", f"{FORM}/results/sheet", form_results.export_results, result_payloads.ExportResults,
          operation_payloads.Download, "The answers without names, for a spreadsheet.", Act.BUILD, limit=RARE),
    Route("GET", f"{FORM}/comparison", form_results.compare_results, content_payloads.ContentRef,
          result_payloads.Comparison, "What was answered before beside what was answered after.", Act.BUILD),
    Route("GET", f"{FORM}/tallies", form_tallies.list_tallies, result_payloads.ReadResults,
          result_payloads.ClassTallies, "The classes of my school whose hands were counted.", Act.BUILD),
    Route("PUT", f"{FORM}/tallies/{{tally_id}}", form_tallies.put_tally, result_payloads.PutTally,
          result_payloads.ClassTally, "Enter how many hands were up in a class.", Act.BUILD, limit=WRITING),
    Route("DELETE", f"{FORM}/tallies/{{tally_id}}", form_tallies.remove_tally, result_payloads.TallyRef, None,
          "Take a class's hands out.", Act.BUILD, status=204, limit=WRITING),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("form:published", form_payloads.FormPublished, "A version of a form is open for answers."),
    Announcement("form:answered", form_payloads.FormAnswered,
                 "Somebody answered a form: told at once, and then at most once a second."),
    Announcement("form:sheet", sheet_payloads.SheetChanged, "A school gave its word for a sheet, or it was handed in."),
)
# fmt: on
