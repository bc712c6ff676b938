"""Surveys at size: drawing, inviting by mail, and reading results.

    ./dev bench survey [--residents 20000] [--questions 30] [--mails 20000] [--database NAME]

The database is made at the first run and filled by SQL: as many homes with a resident each, and a questionnaire of 30 questions.
Measured are the draw of the whole audience, the queueing of invitations by the cron's own batches (mails are made, not sent), and
``get_results`` of the result page against one plain SQL statement that gives the same figures; both in turns, the median counts.
Exits with 1 when the page takes more than twice as long.
"""
import argparse
import statistics
import sys
import time

from _common import ensure_database, markdown, open_registry

DATABASE = 'property_bench_survey'
ROUNDS = 9
FILL = """
INSERT INTO property_service_building (name, code, estate_id, company_id, active, create_date, write_date)
SELECT 'B' || n, n::text, %(estate)s, %(company)s, true, now(), now() FROM generate_series(1, 40) AS n;
INSERT INTO property_service_unit (name, code, full_code, building_id, estate_id, company_id, floor, use, active, qr_token, create_date, write_date)
SELECT b.code || '-' || n, n::text, 'SURVEY-' || b.code || '-' || n, b.id, %(estate)s, %(company)s, 1, 'residential', true,
       md5(b.code || n), now(), now()
  FROM generate_series(1, %(homes)s) AS n JOIN property_service_building b ON b.estate_id = %(estate)s;
INSERT INTO res_partner (name, complete_name, ref, email, email_normalized, active, type, lang, partner_share, is_company, autopost_bills,
                         create_date, write_date)
SELECT 'Resident ' || u.id, 'Resident ' || u.id, 'S' || u.id, 's' || u.id || '@example.com', 's' || u.id || '@example.com', true, 'contact',
       'en_US', true, false, 'ask', now(), now()
  FROM property_service_unit u WHERE u.estate_id = %(estate)s;
UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL;
INSERT INTO property_service_residency (unit_id, building_id, estate_id, company_id, partner_id, role, date_start, is_primary, create_date,
                                        write_date)
SELECT u.id, u.building_id, u.estate_id, u.company_id, p.id, CASE WHEN u.id %% 3 = 0 THEN 'tenant' ELSE 'owner' END, '2020-01-01', true,
       now(), now()
  FROM property_service_unit u JOIN res_partner p ON p.ref = 'S' || u.id WHERE u.estate_id = %(estate)s;
"""
ANSWER = """
INSERT INTO survey_user_input (survey_id, state, access_token, test_entry, property_campaign_id, property_company_id, property_invitation_id,
                               property_stratum_id, property_estate_id, property_building_id, property_role, property_unit_use,
                               property_anonymous, start_datetime, end_datetime, create_date, write_date)
SELECT %(survey)s, 'done', md5('a' || v.id), false, v.campaign_id, v.company_id, v.id, v.stratum_id, v.estate_id, v.building_id, v.role,
       v.unit_use, false, now(), now(), now(), now()
  FROM property_service_survey_invitation v WHERE v.campaign_id = %(campaign)s;
INSERT INTO survey_user_input_line (user_input_id, survey_id, question_id, question_sequence, answer_type, skipped, value_scale, create_date,
                                    write_date)
SELECT i.id, i.survey_id, q.id, q.sequence, 'scale', false, 1 + (i.id * 7919 + q.id * 104729 + i.id / 13) %% 5, now(), now()
  FROM survey_user_input i JOIN survey_question q ON q.survey_id = i.survey_id AND q.is_page IS NOT TRUE
 WHERE i.property_campaign_id = %(campaign)s;
UPDATE property_service_survey_invitation SET state = 'answered', to_send = NULL WHERE campaign_id = %(campaign)s;
"""
#: the figures of the page, straight from the tables: each measure, each building with each factor, each stratum and role
PLAIN = """
SELECT COALESCE(q.property_factor, q.property_score), i.property_building_id, i.property_stratum_id, i.property_role, i.property_estate_id,
       COUNT(*), AVG(l.value_scale), AVG((l.value_scale >= 4)::int), COUNT(*) FILTER (WHERE l.value_scale >= 4)
  FROM survey_user_input i
  JOIN survey_user_input_line l ON l.user_input_id = i.id
  JOIN survey_question q ON q.id = l.question_id
 WHERE i.property_campaign_id = %s AND i.state = 'done' AND i.test_entry IS NOT TRUE AND l.answer_type = 'scale' AND l.skipped IS NOT TRUE
 GROUP BY 1, 2, 3, 4, 5
"""


def prepare(env, residents, questions):
    """Return a campaign in draft with so many homes in its audience and so many questions."""
    estate = env['property.service.estate'].search([('code', '=', 'SURVEY')])
    if not estate:
        estate = env['property.service.estate'].create({'name': "Survey bench", 'code': 'SURVEY'})
        env.flush_all()
        env.cr.execute(FILL, {'estate': estate.id, 'company': env.company.id, 'homes': residents // 40})
        env.cr.commit()
        env.cr.execute("ANALYZE")
    factors = [key for key, _label in env['survey.question']._fields['property_factor'].selection]
    survey = env['survey.survey'].create({'title': "Bench", 'access_mode': 'token', 'questions_layout': 'one_page'})
    env['survey.question'].create([{
        'survey_id': survey.id, 'title': f"Question {n}", 'question_type': 'scale', 'scale_min': 1, 'scale_max': 5, 'sequence': n,
        **({'property_score': 'overall'} if n == 0 else {'property_factor': factors[n % 10]}),
    } for n in range(questions)])
    campaign = env['property.service.survey.campaign'].create({
        'name': "Bench", 'survey_id': survey.id, 'estate_ids': [(6, 0, estate.ids)], 'date_end': '2099-01-01', 'date_start': '2020-01-01'})
    env.cr.commit()
    return campaign


def invite(env, campaign, mails):
    """Return (seconds of the draw, number of invitations, seconds of queueing up to so many mails, number of those)."""
    start = time.perf_counter()
    campaign.action_draw()
    env.cr.commit()
    drawn = time.perf_counter() - start
    campaign.action_start()
    env.cr.commit()
    start, queued = time.perf_counter(), 0
    Invitation = env['property.service.survey.invitation']
    domain = [('to_send', '!=', False), ('campaign_id', '=', campaign.id)]
    while queued < mails and (batch := Invitation.search(domain, limit=200, order='id').try_lock_for_update(allow_referencing=True)):
        batch._send()
        queued += len(batch)
        env.cr.commit()
        env.invalidate_all()
    return drawn, campaign.invited_count, time.perf_counter() - start, queued


def read(env, campaign):
    """Return (median milliseconds of the result page's call, of the plain statement)."""
    env.cr.execute(ANSWER, {'survey': campaign.survey_id.id, 'campaign': campaign.id})
    env.cr.commit()
    env.cr.execute("ANALYZE survey_user_input; ANALYZE survey_user_input_line; ANALYZE property_service_survey_invitation")
    env.cr.commit()
    env.cr.execute("SELECT COUNT(*) FROM survey_user_input_line WHERE survey_id = %s", [campaign.survey_id.id])
    [(lines,)] = env.cr.fetchall()
    assert lines >= campaign.invited_count, "nothing to be measured"
    page, plain = [], []
    for _round in range(ROUNDS + 2):
        env.invalidate_all()
        start = time.perf_counter()
        campaign.get_results()
        page.append(time.perf_counter() - start)
        start = time.perf_counter()
        env.cr.execute(PLAIN, [campaign.id])
        env.cr.fetchall()
        plain.append(time.perf_counter() - start)
    return 1000 * statistics.median(page[2:]), 1000 * statistics.median(plain[2:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--residents', type=int, default=20_000)
    parser.add_argument('--questions', type=int, default=30)
    parser.add_argument('--mails', type=int, default=20_000)
    parser.add_argument('--database', default=DATABASE)
    arguments = parser.parse_args()
    ensure_database(arguments.database)
    registry = open_registry(arguments.database)
    import odoo
    with registry.cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {'tracking_disable': True})
        campaign = prepare(env, arguments.residents, arguments.questions)
        drawn, number, queued, mails = invite(env, campaign, arguments.mails)
        page, plain = read(env, campaign)
    ratio = page / plain
    print(markdown(["", "figure", "aim"], [
        [f"drawing {number} homes, s", drawn, ""], ["invitations drawn per second", number / drawn, ""],
        [f"queueing {mails} mails, s", queued, ""], ["mails queued per second", mails / queued, ""],
        [f"result page of {number} answers × {arguments.questions} questions, ms", page, ""], ["plain SQL of the same figures, ms", plain, ""],
        ["result page ÷ plain SQL", ratio, "≤ 2"]]))
    return 0 if ratio <= 2 else 1


if __name__ == '__main__':
    sys.exit(main())
