"""Plays the generated requests through the real workflow, in rounds, and dates each round back to when it happened.

Every step goes through the transition table, its requirements and the state log, in the name of the user who took it, so
that the demo holds nothing that the workflow would not allow. What happened lately is played by the public ``action_…`` with
notes in the chatter and to-dos; what is older by :meth:`_set_state` in batches, because nobody is to be told about it.
"""
from base64 import b64encode
from collections import defaultdict
from datetime import timedelta
from itertools import zip_longest

from odoo import SUPERUSER_ID
from odoo.fields import Command, Domain
from odoo.tools import SQL, groupby, plaintext2html

from ..models.cases.request_states import FINISHED_STATES, SOLVED_STATES
from .history import DAY, Step
from .loader_place import PlaceLoader
from .photos import draw_photo, draw_signature

#: facts that the workflow writes with the present time
FACTS = ('responded_at', 'done_at', 'closed_at', 'work_start', 'work_end', 'signed_at', 'last_chased_at')
PHOTO_VARIANTS = 5
RECENT_DAYS = 9
#: how long the visit for returned work takes
RETURN_VISIT = timedelta(minutes=50)
KEEP_ACTIVITY_DAYS = 5


class RequestLoader(PlaceLoader):

    def load_requests(self):
        """Set ``self.requests``: {id of the generator's request: property.service.request}."""
        self.photos = {}
        self._create_requests()
        histories = []
        for data in self.data.requests:
            said = [Step('message', at, by, {'text': text}) for at, by, text in data.messages]
            histories.append([(data, step) for step in sorted(data.steps + said, key=lambda step: step.at)])
        for round_steps in zip_longest(*histories):
            self._play_round([entry for entry in round_steps if entry])
        self._finish()

    def _create_requests(self):
        """Create all in the order of time, so that their numbers follow it, then say who it was."""
        self.requests = {}
        for year, group in groupby(self.data.requests, key=lambda data: self.data.to_utc(data.created).year):
            group = list(group)
            requests = self.env['property.service.request'].with_context(
                ir_sequence_date=f'{year}-12-31', tracking_disable=True).create(
                [self._get_values(data) for data in group])
            for data, request in zip(group, requests.with_env(self.env), strict=True):
                self.requests[id(data)] = request
        self._flush()
        values = SQL(", ").join(
            SQL("(%s, %s, %s::timestamp)", self.requests[id(data)].id, self._get_user(data, data.created_by).id,
                self.data.to_utc(data.created)) for data in self.data.requests)
        self.env.cr.execute(SQL(
            "UPDATE property_service_request r SET create_date = v.at, sla_start_at = v.at, create_uid = v.uid, write_uid = v.uid"
            " FROM (VALUES %s) v(id, uid, at) WHERE r.id = v.id", values))
        self.env.cr.execute(SQL(
            "UPDATE property_service_state_log l SET by_id = v.uid"
            " FROM (VALUES %s) v(id, uid, at) WHERE l.request_id = v.id", values))
        self._add_photos([(data, 'attachment_ids', data.photos, False) for data in self.data.requests if data.photos])
        self._date_back([(data, Step('create', data.created, data.created_by)) for data in self.data.requests])

    def _get_values(self, data):
        values = {
            'title': data.title, 'description': data.description, 'channel': data.channel,
            'type_id': self.types[data.type.code].id, 'unit_id': self.units[id(data.unit)].id,
            'user_id': self.users[data.created_by].id if data.created_by != 'resident' and not data.reporter else False,
        }
        if data.resident:
            values['partner_id'] = self.residents[data.resident.key].id
        else:
            employee = self.employees[data.reporter]
            values.update(contact_name=employee.name, contact_phone=employee.work_phone)
        return values

    def _get_user(self, data, by):
        """Return who takes a step. Ratings may come from a mail link, without a user."""
        if by == 'system':
            return self.env['res.users'].browse(SUPERUSER_ID)
        if by != 'resident':
            return self.users[by]
        return self.portal_users.get(data.resident.key, self.env['res.users'].browse(SUPERUSER_ID))

    # ---- ROUNDS ----

    def _play_round(self, entries):
        groups = defaultdict(list)
        for data, step in entries:
            groups[step.action, self._get_user(data, step.by), self._is_recent(data)].append((data, step))
        # a duplicate is merged while its master still is open, which it will not be after all its rounds
        for (action, user, recent), group in sorted(groups.items(), key=lambda item: item[0][0] != 'merge'):
            play = None if recent else getattr(self, f'_replay_{action}', None)
            (play or getattr(self, f'_play_{action}'))(group, user)
            if recent:
                self._flush()   # the chatter's notes of what changed get the first user as author
        self._date_back(entries)

    def _is_recent(self, data):
        return data.created > -RECENT_DAYS * DAY

    def _browse(self, entries, user=None):
        context = {**self.env.context, 'tracking_disable': not all(self._is_recent(data) for data, _step in entries)}
        requests = self.env['property.service.request'].browse([self.requests[id(data)].id for data, _step in entries])
        return (requests.with_user(user) if user else requests).with_context(context)

    def _by_value(self, entries, *names):
        groups = defaultdict(list)
        for data, step in entries:
            groups[tuple(step.values.get(name) for name in names)].append((data, step))
        return groups.items()

    def _play_register(self, entries, user):
        requests = self._browse(entries, user)
        requests.filtered(lambda request: not request.user_id).user_id = user
        requests.action_register()
        for data, step in entries:
            if step.values.get('promised'):
                self.requests[id(data)].promised_at = self.data.to_utc(step.values['promised'])

    def _play_approve(self, entries, user):
        for (priority,), group in self._by_value(entries, 'priority'):
            self._browse(group, user).action_approve(priority=priority)

    def _play_reject(self, entries, user):
        for (reason,), group in self._by_value(entries, 'reason'):
            self._browse(group, user).action_reject(reason=reason)

    def _play_cancel(self, entries, user):
        for (reason,), group in self._by_value(entries, 'reason'):
            self._browse(group, user).action_cancel(reason=reason)

    def _play_merge(self, entries, user):
        for data, step in entries:
            self._browse([(data, step)], user).action_merge(master_id=self.requests[id(data.master)].id)

    def _play_confirm(self, entries, user):
        for data, step in entries:
            start, end = self.data.to_utc(step.values['start']), self.data.to_utc(step.values['end'])
            if end > self.start:
                self._browse([(data, step)], user).action_confirm(start=start, end=end)
            else:   # no appointment can be made for the past
                self._replay_confirm([(data, step)], user)

    def _replay_confirm(self, entries, user):
        requests = self._browse(entries, user)._authorize('confirm')
        for request, (_data, step) in zip(requests, entries, strict=True):
            request._as_system().write({
                'appointment_start': self.data.to_utc(step.values['start']),
                'appointment_end': self.data.to_utc(step.values['end'])})
        requests._set_state('confirmed')
        requests._mark_responded()

    def _play_dispatch(self, entries, user):
        for (employee,), group in self._by_value(entries, 'employee'):
            self._browse(group, user).action_dispatch(employee_id=self.employees[employee].id)

    def _replay_dispatch(self, entries, user):
        for (employee,), group in self._by_value(entries, 'employee'):
            self._browse(group, user)._authorize('dispatch')._set_state('dispatched', employee_id=self.employees[employee].id)

    def _play_start(self, entries, user):
        self._browse(entries, user).action_start()

    def _play_wait(self, entries, user):
        for (code, note, until), group in self._by_value(entries, 'reason', 'note', 'until'):
            reason = self.env.ref(f'property_service.waiting_reason_{code}')
            self._browse(group, user).action_wait(reason_id=reason.id, note=note, until=self.data.to_date(until))

    def _play_resume(self, entries, user):
        self._browse(entries, user).action_resume()

    def _play_done(self, entries, user):
        self._complete(entries, user)
        for data, step in entries:
            self._browse([(data, step)], user).action_done(
                summary=step.values['summary'], materials=step.values['materials'] or None)

    def _replay_done(self, entries, user):
        self._complete(entries, user)
        requests = self._browse(entries, user)._authorize('done')
        for request, (_data, step) in zip(requests, entries, strict=True):
            request._as_system().write({
                'work_start': request.work_start or self.start, 'work_end': self.start, 'work_summary': step.values['summary'],
                'materials_used': '\n'.join(filter(None, (request.materials_used, step.values['materials']))) or False})
        requests._set_state('done')
        requests._mark_responded()

    def _complete(self, entries, user):
        """Tick off the checklist, take the photos, note that nobody was there to sign."""
        self._browse(entries, user).checklist_ids.filtered(lambda step: not step.done).write({'done': True})
        photographed = [data for data, _step in entries if 'photo' in data.type.requires]
        self._add_photos([(data, 'photo_before_ids', 1, False) for data in photographed])
        self._add_photos([(data, 'photo_after_ids', 1, True) for data in photographed])
        self._browse([entry for entry in entries if entry[1].values.get('absent')], user).resident_absent = True

    def _play_accept(self, entries, user):
        automatic, signed, plain = self._split(entries, 'automatic', 'signed')
        self._accept_automatically(automatic, user)
        for data, step in signed:
            name = self.requests[id(data)].contact_name
            self._browse([(data, step)], user).action_accept(signature=self._sign(name), signed_by=name)
        self._browse(plain, user).action_accept()

    def _replay_accept(self, entries, user):
        automatic, signed, plain = self._split(entries, 'automatic', 'signed')
        self._accept_automatically(automatic, user)
        for data, _step in signed:
            name = self.requests[id(data)].contact_name
            self.requests[id(data)]._as_system().write({
                'signature': self._sign(name), 'signed_by': name, 'signed_at': self.start})
        self._browse(signed + plain, user)._authorize('accept')._set_state('accepted')

    def _accept_automatically(self, entries, user):
        self._browse(entries, user).with_context(property_service_auto_accept=True)._set_state(
            'accepted', reason=self.env._("Accepted automatically."))

    def _split(self, entries, *names):
        """Return a list of entries for each of the values ``names``, the first that is set decides, and one for the rest."""
        groups = {name: [] for name in (*names, None)}
        for entry in entries:
            groups[next((name for name in names if entry[1].values.get(name)), None)].append(entry)
        return groups.values()

    def _sign(self, name):
        return b64encode(draw_signature(name)).decode()

    def _play_return(self, entries, user):
        for (reason,), group in self._by_value(entries, 'reason'):
            self._browse(group, user).action_return(reason=reason)

    def _play_close(self, entries, user):
        automatic, plain = self._split(entries, 'automatic')
        self._browse(automatic, user)._set_state('closed', reason=self.env._("Closed automatically."))
        self._browse(plain, user).action_close()

    def _play_chase(self, entries, user):
        for (message,), group in self._by_value(entries, 'message'):
            self._browse(group, user).action_chase(message=message)

    def _play_rate(self, entries, user):
        for data, step in entries:
            self.requests[id(data)]._rate(step.values['value'], step.values['reason'], step.values['comment'])

    def _replay_rate(self, entries, _user):
        model_id = self.env['ir.model']._get_id('property.service.request')
        self.env['rating.rating'].create([{
            'res_model_id': model_id, 'res_id': self.requests[id(data)].id, 'partner_id': self.residents[data.resident.key].id,
            'rated_partner_id': self.requests[id(data)].employee_id.user_id.partner_id.id, 'is_internal': False, 'consumed': True,
            'rating': step.values['value'], 'feedback': step.values['comment'] or False,
        } for data, step in entries])
        for data, step in entries:
            self._browse([(data, step)])._as_system().write({
                'rating_value': step.values['value'], 'rating_reason': step.values['reason'] or False,
                'rating_comment': step.values['comment'] or False})

    def _play_message(self, entries, user):
        comment = self.env.ref('mail.mt_comment')
        self.env['mail.message'].create([{
            'model': 'property.service.request', 'res_id': self.requests[id(data)].id, 'message_type': 'comment',
            'subtype_id': comment.id, 'body': plaintext2html(step.values['text']), 'date': self.data.to_utc(step.at),
            'author_id': (self.residents[data.resident.key] if step.by == 'resident' else self.users[step.by].partner_id).id,
        } for data, step in entries])
        self._browse([entry for entry in entries if entry[1].by != 'resident'])._mark_responded()

    # ---- FILES ----

    def _add_photos(self, wanted):
        """Attach drawn photos; ``wanted``: [(request's data, field, number of photos, after the work), …]."""
        values, owners = [], []
        for data, field, count, after in wanted:
            for number in range(count):
                variant = (self.requests[id(data)].id + number) % PHOTO_VARIANTS
                key = (data.type.category, variant, after)
                if key not in self.photos:
                    self.photos[key] = draw_photo(*key)
                values.append({
                    'name': f"{'after' if after else 'before'}_{number + 1}.png",
                    'raw': self.photos[key], 'mimetype': 'image/png',
                    'res_model': 'property.service.request', 'res_id': self.requests[id(data)].id})
                owners.append((data, field))
        links = defaultdict(list)
        for owner, attachment in zip(owners, self.env['ir.attachment'].create(values), strict=True):
            links[id(owner[0]), owner[1]].append(Command.link(attachment.id))
        for (key, field), commands in links.items():
            self.requests[key][field] = commands

    # ---- TIME ----

    def _flush(self):
        """Write everything out, the chatter's notes of what changed included."""
        self.env.cr.flush()

    def _date_back(self, entries):
        """Turn "now" into the time of the step in everything that the steps of this round have written."""
        if not entries:
            return
        self._flush()
        now, model = self.start, 'property.service.request'
        source = SQL("(VALUES %s) v(id, at)", SQL(", ").join(
            SQL("(%s, %s::timestamp)", self.requests[id(data)].id, self.data.to_utc(step.at)) for data, step in entries))
        facts = SQL(", ").join(
            SQL("%(f)s = CASE WHEN r.%(f)s >= %(now)s THEN v.at ELSE r.%(f)s END", f=SQL.identifier(name), now=now)
            for name in FACTS)
        transaction = self.env.cr.now()
        for query in (
            SQL("UPDATE property_service_request r SET write_date = v.at, %s FROM %s WHERE r.id = v.id", facts, source),
            SQL("UPDATE property_service_state_log l SET at = v.at"
                " FROM %s WHERE l.request_id = v.id AND l.at >= %s", source, now),
            SQL("UPDATE property_service_request_checklist c SET done_at = v.at"
                " FROM %s WHERE c.request_id = v.id AND c.done_at >= %s", source, now),
            SQL("UPDATE mail_message m SET date = v.at, create_date = v.at, write_date = v.at"
                " FROM %s WHERE m.model = %s AND m.res_id = v.id AND m.date >= %s", source, model, now),
            SQL("UPDATE ir_attachment a SET create_date = v.at, write_date = v.at"
                " FROM %s WHERE a.res_model = %s AND a.res_id = v.id AND a.create_date >= %s", source, model, transaction),
            SQL("UPDATE rating_rating t SET create_date = v.at, write_date = v.at"
                " FROM %s WHERE t.res_model = %s AND t.res_id = v.id AND t.create_date >= %s", source, model, transaction),
            SQL("UPDATE mail_activity t SET create_date = v.at, date_deadline = v.at::date"
                " FROM %s WHERE t.res_model = %s AND t.res_id = v.id AND t.create_date >= %s", source, model, transaction),
        ):
            self.env.cr.execute(query)
        self.env.invalidate_all(flush=False)
        self._browse(entries)._recompute_clocks()

    def _reckon_hours(self, requests):
        """Reckon visits from the dated log: when the steps were played, all of them happened at the same moment."""
        for request in requests:
            visits = []
            lines = request.state_log_ids.sorted('at')
            for line, following in zip(lines, [*lines[1:], None], strict=True):
                if line.to_state != 'in_progress':
                    continue
                begin, end = line.at, following and following.at
                if line.from_state in FINISHED_STATES:  # returned: somebody comes some time later
                    begin = end and max(begin, end - RETURN_VISIT)
                visits.append((begin, end))
            if not visits:
                continue
            begin, end = visits.pop() if request.state in ('in_progress', *SOLVED_STATES) else (None, None)
            request._as_system().write({
                'work_start': begin or False, 'work_end': end or False,
                'work_hours_before': sum((end - begin).total_seconds() for begin, end in visits) / 3600})

    def _finish(self):
        """Compute what hangs on the times, and clear the desks of what was looked into long ago."""
        requests = self.env['property.service.request'].browse([request.id for request in self.requests.values()])
        dates = self.env.execute_query(SQL(
            "SELECT id, write_date FROM property_service_request WHERE id = ANY(%s)", requests.ids))
        self._reckon_hours(requests)
        for name in ('work_hours', 'sla_result'):   # sla_result's compute sets its companions, too
            self.env.add_to_compute(requests._fields[name], requests)
        self.env['mail.activity'].search(
            Domain('res_model', '=', requests._name) & Domain('res_id', 'in', requests.ids)
            & Domain('date_deadline', '<', self.data.to_date(-KEEP_ACTIVITY_DAYS))).unlink()
        for request in requests.filtered(lambda request: request.sla_result == 'missed' and not request.breached_at):
            passed = [
                deadline for deadline, at in (
                    (request.response_deadline, request.responded_at or request.closed_at),
                    (request.resolution_deadline, request.done_at or request.closed_at))
                if deadline and at and at > deadline]
            request._as_system().breached_at = min(passed, default=False)
        self._flush()
        self.env.cr.execute(SQL(
            "UPDATE property_service_request r SET write_date = v.at FROM (VALUES %s) v(id, at) WHERE r.id = v.id",
            SQL(", ").join(SQL("(%s, %s::timestamp)", request_id, at) for request_id, at in dates)))
        self.env.invalidate_all()
