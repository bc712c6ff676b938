import base64
import io
import itertools
import logging
from collections import Counter

import xlsxwriter
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.flat_file import FlatFileError, neutralise
from ...tools.flat_file_residents import COLUMNS, ResidentFile
from .resident_import_batch import ResidentWriter

_logger = logging.getLogger(__name__)

BATCH_ROWS = 500
INLINE_ROWS = 2000       # longer files are imported in the background
SHOWN_PROBLEMS = 500     # all of them are in the file that is given back
SHOWN_ROWS = 12
KEEP_FILES_DAYS = 30


class PropertyServiceResidentImport(models.Model):
    """One import of the flat spreadsheet of units and residents: check it, take over what is right, give back the rest.

    It is a record of its own, not a wizard, so that a long import goes on in the background and that it stays on file who
    brought which data in. The files themselves hold personal data and are deleted after a month.
    """

    _name = 'property.service.resident.import'
    _description = "Resident Import"
    _inherit = ['mail.thread']
    _order = 'id desc'

    name = fields.Char(string="File Name")
    file = fields.Binary(string="Spreadsheet", attachment=True, copy=False, help="XLSX or CSV, headings in English or Chinese.")
    company_id = fields.Many2one('res.company', required=True, index=True, readonly=True, default=lambda self: self.env.company)
    estate_id = fields.Many2one(
        'property.service.estate', string="Estate of Rows Without One", domain="[('company_id', '=', company_id)]",
        help="For files of a single estate that have no column for it.")
    state = fields.Selection(
        [('draft', "Draft"), ('checked', "Checked"), ('running', "Importing"), ('done', "Imported"), ('failed', "Failed")],
        required=True, default='draft', readonly=True, copy=False, tracking=True)
    row_count = fields.Integer(string="Rows", readonly=True, copy=False)
    good_count = fields.Integer(string="Right", readonly=True, copy=False)
    error_count = fields.Integer(string="Wrong", readonly=True, copy=False)
    duplicate_count = fields.Integer(string="Doubled", readonly=True, copy=False)
    processed_count = fields.Integer(string="Rows Read", readonly=True, copy=False)
    progress = fields.Float(compute='_compute_progress')
    created_units = fields.Integer(string="New Units", readonly=True, copy=False)
    created_persons = fields.Integer(string="New People", readonly=True, copy=False)
    created_residencies = fields.Integer(string="New Residencies", readonly=True, copy=False)
    changed_count = fields.Integer(string="Corrected", readonly=True, copy=False,
        help="Units, people and residencies that differed.")
    unchanged_count = fields.Integer(string="Unchanged", readonly=True, copy=False, help="Residencies already as the file says.")
    preview = fields.Html(string="First Rows", readonly=True, copy=False)
    line_ids = fields.One2many('property.service.resident.import.line', 'import_id', string="Problems", readonly=True, copy=False)
    hidden_problem_count = fields.Integer(readonly=True, copy=False)
    rejected_file = fields.Binary(string="Rows Not Imported", attachment=True, readonly=True, copy=False)
    rejected_name = fields.Char(readonly=True, copy=False)

    @api.depends('processed_count', 'row_count')
    def _compute_progress(self):
        for job in self:
            job.progress = 100.0 * job.processed_count / job.row_count if job.row_count else 0.0

    @api.depends('name', 'create_date')
    def _compute_display_name(self):
        for job in self:
            job.display_name = job.name or self.env._("New Import")

    # ---- CRUD ----

    def write(self, vals):
        """Another file starts anew; while a file is being imported, and afterwards, it stays."""
        if {'file', 'estate_id'} & vals.keys():
            if any(job.state not in ('draft', 'checked') for job in self):
                raise UserError(self.env._("This import has run. Start a new one for another file."))
            vals = {**vals, 'state': 'draft'}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(job.state == 'running' for job in self):
            raise UserError(self.env._("An import that is running cannot be deleted."))

    @api.autovacuum
    def _gc_files(self):
        """Delete the files of old imports: nobody needs the residents' data twice."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_FILES_DAYS)
        attachments = self.env['ir.attachment'].search([
            ('res_model', '=', self._name), ('res_field', 'in', ('file', 'rejected_file')), ('create_date', '<', limit),
        ], limit=1000)
        jobs = self.browse(attachments.mapped('res_id')).filtered(lambda job: job.state != 'running')
        attachments.filtered(lambda attachment: attachment.res_id in jobs._ids).unlink()
        jobs.line_ids.unlink()
        jobs.write({'preview': False})

    # ---- ACTIONS ----

    def action_check(self):
        """Read the whole file and show what is wrong in it. Nothing is imported."""
        self._lock_in_states('draft', 'checked')
        for job in self:
            job._check_file()
        return True

    def action_import(self):
        """Take over all rows that are right: at once, or in the background where the file is long."""
        self._lock_in_states('checked')
        for job in self:
            if not job.good_count:
                raise UserError(self.env._("No row of the file can be imported. Correct it and check it again."))
            job.write({'state': 'running', 'processed_count': 0})
            if job.row_count <= INLINE_ROWS:
                job._run(background=False)
        if any(job.state == 'running' for job in self):
            self.env.ref('property_service.cron_resident_import').sudo()._trigger()  # sudo: managers may not touch jobs
        return True

    def action_refresh(self):
        """Show how far the background has come: the client reads the record again."""
        return True

    # ---- BUSINESS METHODS ----

    def _lock_in_states(self, *states):
        self.check_access('write')
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(['state'])
        if any(job.state not in states for job in self):
            raise UserError(self.env._("This import has run already or is running."))

    def _open_file(self):
        """Return the ResidentFile of the job; the user is told what is wrong with the file as a whole."""
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        try:
            file = ResidentFile(base64.b64decode(self.file), default_estate=self.estate_id.code or '')
        except FlatFileError as error:
            raise UserError(self._get_file_message(error.code))
        labels = self._get_column_labels()
        if file.missing:
            raise UserError(self.env._(
                "The file needs headings for these columns: %(columns)s. Headings found: %(found)s.",
                columns=", ".join(labels[column] for column in file.missing),
                found=", ".join(labels[column] for column in file.columns) or self.env._("none")))
        if file.repeated:
            raise UserError(self.env._(
                "More than one column has a heading for this: %(columns)s. Keep one person and one value per row.",
                columns=", ".join(labels[column] for column in file.repeated)))
        return file

    def _read(self, file):
        try:
            yield from file
        except FlatFileError as error:
            raise UserError(self._get_file_message(error.code))

    def _check_file(self):
        file = self._open_file()
        counts, lines, shown = Counter(), [], []
        problems = 0
        for row in self._read(file):
            counts['rows'] += 1
            counts['good' if row.is_good else 'duplicate' if row.duplicate_of else 'error'] += 1
            if len(shown) < SHOWN_ROWS:
                shown.append(row)
            if not row.is_good:
                new = self._get_problem_vals(file, row)
                problems += len(new)
                lines.extend(new[:max(0, SHOWN_PROBLEMS - len(lines))])
        self.line_ids.unlink()
        self.env['property.service.resident.import.line'].create(lines)
        self.write({
            'state': 'checked', 'row_count': counts['rows'], 'good_count': counts['good'], 'error_count': counts['error'],
            'duplicate_count': counts['duplicate'], 'processed_count': 0, 'preview': self._render_preview(shown),
            'hidden_problem_count': problems - len(lines),
        })

    def _run(self, background):
        """Import the rows not read so far, batch by batch.

        In the background every batch is committed with its progress; the run stops when the time of the scheduled action
        is used up and goes on where it stopped. ``processed_count`` counts rows of the file, so that nothing is imported
        twice, and if it were, the second time would change nothing.
        """
        self.ensure_one()
        file = self._open_file()
        names = file.resident_names()
        writer = ResidentWriter(self.env, self.company_id, names)
        rows = itertools.islice(self._read(file), self.processed_count, None)
        while batch := list(itertools.islice(rows, BATCH_ROWS)):
            rejected = writer.write_rows([row for row in batch if row.is_good])
            self._keep_rejected([row for row in batch if row.number in rejected], rejected, file)
            self._add_counts(writer, len(batch))
            self.env.flush_all()
            self.env.invalidate_all()  # bounded memory: nothing of this batch is needed again
            if background and not self.env['ir.cron']._commit_progress(len(batch)):
                return
        self._finish(file)

    def _add_counts(self, writer, row_count):
        counts = writer.counts
        self.write({
            'processed_count': self.processed_count + row_count,
            'created_units': self.created_units + counts['unit'],
            'created_persons': self.created_persons + counts['person'],
            'created_residencies': self.created_residencies + counts['residency'],
            'changed_count': self.changed_count + counts['unit_changed'] + counts['person_changed'] + counts['residency_changed'],
            'unchanged_count': self.unchanged_count + counts['unchanged'],
        })
        counts.clear()

    def _keep_rejected(self, rows, reasons, file):
        """Rows that were right in themselves but that the database refused."""
        if rows:
            self.env['property.service.resident.import.line'].create([
                {'import_id': self.id, 'row': row.number, 'kind': 'refused', 'message': reasons[row.number],
                 'content': " | ".join(row.cells)} for row in rows])
            self.write({'error_count': self.error_count + len(rows), 'good_count': self.good_count - len(rows)})

    def _finish(self, file):
        vals = {'state': 'done', 'processed_count': self.row_count}
        if self.error_count or self.duplicate_count:
            vals['rejected_file'] = base64.b64encode(self._render_rejected(file))
            vals['rejected_name'] = self.env._("not imported - %(file)s.xlsx", file=(self.name or '').rsplit('.', 1)[0])
        self.write(vals)
        self.message_post(body=self.env._(
            "%(rows)s rows read: %(units)s new units, %(people)s new people, %(residencies)s new residencies, %(changed)s "
            "corrections, %(errors)s wrong and %(duplicates)s doubled rows left out.",
            rows=self.row_count, units=self.created_units, people=self.created_persons, residencies=self.created_residencies,
            changed=self.changed_count, errors=self.error_count, duplicates=self.duplicate_count))

    @api.model
    def _cron_run(self):
        """Go on with the imports that wait; a file that fails does not hold up the others."""
        commit = self.env['ir.cron']._commit_progress
        jobs = self.search([('state', '=', 'running')], order='id')
        commit(remaining=sum(job.row_count - job.processed_count for job in jobs))
        for job in jobs:
            job = job.try_lock_for_update(allow_referencing=True).filtered(lambda job: job.state == 'running')
            if not job:
                continue
            user = job.create_uid
            job = job.with_user(user).with_company(job.company_id).with_context(lang=user.lang, tz=user.tz)
            try:
                job._run(background=True)
            except Exception as error:
                self.env.cr.rollback()
                _logger.exception("Import of residents %s failed", job.id)
                job.sudo()._fail(error)  # sudo: the user may have lost the right meanwhile
            if job.state != 'running':
                job.sudo()._notify_end()  # sudo: as above
            if not commit(0):
                break
        if self.search_count([('state', '=', 'running')], limit=1):
            self.env.ref('property_service.cron_resident_import')._trigger()

    def _fail(self, error):
        self.write({'state': 'failed'})
        reason = str(error) if isinstance(error, UserError) else self.env._("an unexpected error, see the server's log")
        self.message_post(body=self.env._(
            "The import stopped after %(rows)s rows: %(reason)s. What was read before is imported; a new import of the same "
            "file goes on without doubling it.", rows=self.processed_count, reason=reason))

    def _notify_end(self):
        self.create_uid._bus_send('simple_notification', {
            'type': 'success' if self.state == 'done' else 'danger', 'sticky': True,
            'title': self.env._("Import of residents"), 'message': self.message_ids[:1].preview or self.display_name})

    # ---- TEXTS ----

    def _get_column_labels(self):
        return {
            'estate': self.env._("Estate"),
            'building': self.env._("Building"),
            'entrance': self.env._("Entrance"),
            'unit': self.env._("Unit"),
            'floor': self.env._("Floor"),
            'area': self.env._("Floor Area"),
            'use': self.env._("Use"),
            'name': self.env._("Name"),
            'phone': self.env._("Phone"),
            'email': self.env._("E-mail"),
            'role': self.env._("Role"),
            'since': self.env._("Since"),
            'until': self.env._("Until"),
            'note': self.env._("Note"),
        }

    def _get_file_message(self, code):
        return {
            'empty': self.env._("The file is empty."),
            'too_large': self.env._("The file is too large. Split it by estate."),
            'old_excel': self.env._("Excel's old .xls files cannot be read. Save the file as .xlsx."),
            'broken': self.env._("The file is damaged. Save it again as .xlsx or .csv."),
            'encoding': self.env._("The file's characters can be read neither as UTF-8 nor as GB18030. Save it as .xlsx."),
            'not_text': self.env._("The file is neither a .xlsx nor a .csv file."),
        }[code]

    def _get_problem_message(self, problem):
        messages = {
            'missing': self.env._("This must be filled in."),
            'too_long': self.env._("The text is too long."),
            'bad_floor': self.env._("“%(value)s” is not a floor.", value=problem.value),
            'bad_area': self.env._("“%(value)s” is not an area in square metres.", value=problem.value),
            'bad_use': self.env._("“%(value)s” is not a known use of a unit.", value=problem.value),
            'bad_phone': self.env._("“%(value)s” is not a whole phone number.", value=problem.value),
            'bad_email': self.env._("“%(value)s” is not an e-mail address.", value=problem.value),
            'bad_role': self.env._("“%(value)s” is not a known role of a resident.", value=problem.value),
            'bad_since': self.env._("“%(value)s” is not a date.", value=problem.value),
            'bad_note': self.env._("“%(value)s” is not a date.", value=problem.value),
            'end_before_start': self.env._("It ends on %(value)s, before it begins.", value=problem.value),
            'contradicts': self.env._("“%(value)s” contradicts row %(row)s.", value=problem.value, row=problem.other),
            'same_stay': self.env._(
                "The same resident with the same role at the same time is in row %(row)s.", row=problem.other),
        }
        return messages[problem.code]

    def _get_problem_vals(self, file, row):
        """Return the vals of the lines that say what is wrong with a row."""
        labels = self._get_column_labels()
        common = {'import_id': self.id, 'row': row.number, 'content': " | ".join(row.cells)}
        if row.duplicate_of:
            return [{**common, 'kind': 'duplicate', 'message': self.env._("The same as row %(row)s.", row=row.duplicate_of)}]
        return [{
            **common, 'kind': 'error', 'value': problem.value, 'message': self._get_problem_message(problem),
            'column': file.headings[file.columns[problem.column]] if problem.column in file.columns else labels[problem.column],
        } for problem in row.problems]

    def _render_preview(self, rows):
        """Return the first rows as they were understood, as an HTML table."""
        labels = self._get_column_labels()
        shown = [column for column in COLUMNS if column != 'entrance']
        roles = dict(self.env['property.service.residency']._fields['role']._description_selection(self.env))
        uses = dict(self.env['property.service.unit']._fields['use']._description_selection(self.env))
        head = Markup().join(Markup('<th>%s</th>') % labels[column] for column in shown)
        body = Markup()
        for row in rows:
            values = {
                **{column: getattr(row, column) for column in shown},
                'unit': row.unit_name if row.unit_code else '', 'role': roles.get(row.role), 'use': uses.get(row.use)}
            wrong = {problem.column for problem in row.problems}
            body += Markup('<tr class="%s"><td>%s</td>%s</tr>') % (
                'text-muted' if row.duplicate_of else '', row.number,
                Markup().join(
                    Markup('<td class="%s">%s</td>') % (
                        'text-bg-danger' if column in wrong else '',
                        next((problem.value for problem in row.problems if problem.column == column), '') or '?'
                        if column in wrong else '' if values[column] is None else values[column] or '')
                    for column in shown))
        return Markup('<div class="table-responsive"><table class="table table-sm"><thead><tr><th>%s</th>%s</tr></thead>'
                      '<tbody>%s</tbody></table></div>') % (self.env._("Row"), head, body)

    def _render_rejected(self, file):
        """Return an XLSX file of the rows left out: as they were, with row number and reason, ready to be corrected."""
        refused = {line.row: line.message for line in self.line_ids if line.kind == 'refused'}
        output = io.BytesIO()
        with xlsxwriter.Workbook(output, {'constant_memory': True, 'in_memory': False}) as workbook:
            sheet = workbook.add_worksheet()
            bold = workbook.add_format({'bold': True})
            headings = [*file.headings, self.env._("Row in the File"), self.env._("Why It Was Not Imported")]
            for position, heading in enumerate(headings):
                sheet.write_string(0, position, neutralise(heading), bold)
            sheet.set_column(0, len(headings) - 2, 14)
            sheet.set_column(len(headings) - 1, len(headings) - 1, 60)
            line = 0
            for row in self._read(file):
                if row.is_good and row.number not in refused:
                    continue
                line += 1
                reasons = " ".join(
                    f"{vals['column']}: {vals['message']}" if vals.get('column') else vals['message']
                    for vals in self._get_problem_vals(file, row)) if not row.is_good else refused[row.number]
                cells = [*row.cells[:len(file.headings)], *[''] * (len(file.headings) - len(row.cells))]
                for position, cell in enumerate(cells):
                    sheet.write_string(line, position, neutralise(cell))
                sheet.write_number(line, len(headings) - 2, row.number)
                sheet.write_string(line, len(headings) - 1, neutralise(reasons))
        return output.getvalue()
