from odoo.tests import BaseCase

from odoo.addons.property_service.tools.phone import is_phone, looks_like_phone, phone_digits


class TestPhone(BaseCase):

    def test_same_number_in_all_notations(self):
        for expected, notations in {
            '13627437326': (
                "13627437326", "136 2743 7326", "136-2743-7326", "+86 136-2743-7326", "+8613627437326", "(+86)13627437326",
                "0086 136 2743 7326", "8613627437326", "86-136-2743-7326", "１３６２７４３７３２６",
                "＋86 １３６２７４３７３２６",
                "手机：13627437326", "13627437326 转 801", " 136\u00a02743\u20097326 "),
            '075586661234': (
                "0755-86661234", "(0755) 8666 1234", "+86 755 8666 1234", "+86 (0)755 86661234", "0086-755-86661234",
                "0755-86661234-801", "0755-8666-1234 转801", "0755 86661234 ext. 12", "0755-86661234#8"),
            '01088886666': ("010-88886666", "010 8888 6666", "+86 10 8888 6666", "（010）88886666-0"),
            '4008101234': ("400-810-1234", "+86 400 810 1234", "400 8101234 转 5"),
            '0014155551234': ("+1 (415) 555-1234", "001 415 555 1234", "+1.415.555.1234 x99"),
            '00442079460958': ("+44 20 7946 0958", "0044 20 7946 0958"),
            '85266661234': ("85266661234",),
            '0085266661234': ("+852 6666 1234",),
        }.items():
            for text in notations:
                with self.subTest(text=text):
                    self.assertEqual(phone_digits(text), expected)

    def test_another_country_is_not_taken_for_china(self):
        self.assertNotEqual(phone_digits("+1 381 234 5678"), phone_digits("138 1234 5678"))
        self.assertEqual(phone_digits("8612345"), '8612345', "a fragment that begins with 86 stays whole")

    def test_empty(self):
        for text in (None, False, '', ' ', '-', "n/a", "+"):
            with self.subTest(text=text):
                self.assertEqual(phone_digits(text), '')
                self.assertFalse(is_phone(text))
                self.assertFalse(looks_like_phone(text))

    def test_is_phone(self):
        for text in ("13627437326", "+86 136-2743-7326", "8666 1234", "0755-86661234", "400-810-1234", "+1 415 555 1234"):
            with self.subTest(text=text):
                self.assertTrue(is_phone(text))
        for text in ("12345", "110", "1362743732", "136274373260", "12627437326", "136O2743732", "call me", "13627437326 王",
                     "123456789012345678901"):
            with self.subTest(text=text):
                self.assertFalse(is_phone(text))

    def test_looks_like_part_of_a_phone(self):
        for text in ("7326", "2743-73", "+86 136", "１３６２", "(0755"):
            with self.subTest(text=text):
                self.assertTrue(looks_like_phone(text))
        for text in ("732", "3-2-1201A", "ABC1234", "Zhang San", "1201室"):
            with self.subTest(text=text):
                self.assertFalse(looks_like_phone(text))
