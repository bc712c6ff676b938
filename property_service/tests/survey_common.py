from .common import PropertyServiceCase

NAMES = "Zhao Qian Sun Li Zhou Wu Zheng Wang Feng Chen Chu Wei Jiang Shen Han Yang".split()


class PropertyServiceSurveyCase(PropertyServiceCase):
    """Two estates with so many homes, a questionnaire, and answers as if residents had clicked them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['property.service.survey.campaign'].search([]).write({'is_yearly': False})
        cls.yearly = cls.env.ref('property_service.survey_yearly')
        cls.Campaign = cls.env['property.service.survey.campaign']
        cls.overall = cls.env.ref('property_service.survey_yearly_overall')
        cls.why = cls.env.ref('property_service.survey_yearly_why')

    @classmethod
    def make_estate(cls, code, buildings=2, homes=10, email=True):
        """Create an estate with ``homes`` homes in each building, each with an owner and a family member."""
        env = cls.env
        estate = env['property.service.estate'].create({'name': f"Estate {code}", 'code': code})
        blocks = env['property.service.building'].create(
            [{'name': f"{code} Building {n}", 'code': str(n), 'estate_id': estate.id} for n in range(1, buildings + 1)])
        units = env['property.service.unit'].create(
            [{'name': f"{block.code}-{n}", 'code': str(n), 'building_id': block.id} for block in blocks for n in range(101, 101 + homes)])
        partners = env['res.partner'].create([{
            'name': f"{NAMES[n % len(NAMES)]} {code}{n}", 'phone': f"139{estate.id % 1000:03}{n:05}",
            'email': f"{code.lower()}{n}@example.com" if email else False} for n in range(len(units))])
        family = env['res.partner'].create([{'name': f"Family {code}{n}"} for n in range(len(units))])
        env['property.service.residency'].create([
            {'unit_id': unit.id, 'partner_id': partner.id, 'role': 'owner', 'date_start': '2020-01-01', 'is_primary': True}
            for unit, partner in zip(units, partners, strict=True)] + [
            {'unit_id': unit.id, 'partner_id': partner.id, 'role': 'family', 'date_start': '2024-01-01'}
            for unit, partner in zip(units, family, strict=True)])
        env.invalidate_all()
        return estate

    @classmethod
    def make_campaign(cls, *estates, **vals):
        return cls.Campaign.create({
            'name': "Satisfaction 2026", 'survey_id': cls.yearly.id, 'estate_ids': [(6, 0, [e.id for e in estates or [cls.estate]])],
            'by_mail': False, 'date_start': '2020-11-01', 'date_end': '2099-11-30', **vals})

    @classmethod
    def make_running(cls, *estates, **vals):
        campaign = cls.make_campaign(*estates, **vals)
        campaign.action_start()
        return campaign

    @classmethod
    def answer(cls, invitation, overall=5, why=None, partner=None, **scores):
        """Answer as a resident: ``scores`` by the name of the question in the questionnaire's external ids."""
        answer = invitation._start_answer('portal', partner=partner)
        answer._mark_in_progress()
        answer._save_lines(cls.overall, str(overall))
        for name, score in scores.items():
            answer._save_lines(cls.env.ref(f'property_service.survey_yearly_{name}'), str(score))
        if why:
            answer._save_lines(cls.why, why)
        answer._mark_done()
        return answer

    def run_cron(self, name):
        """Run one of the crons as the server does."""
        with self.enter_registry_test_mode():
            self.env.ref(f'property_service.cron_survey_{name}').method_direct_trigger()
        self.env.invalidate_all()
