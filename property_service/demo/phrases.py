"""What people say in the demo: reasons, comments and messages, by language."""

ROOMS = {'zh': ("厨房", "主卫", "次卫", "主卧", "客厅", "阳台"), 'en': ("kitchen", "bathroom", "bedroom", "living room", "study")}
PLATES = ("粤B·D3856", "粤B·70K21", "粤A·6F92T", "粤S·N0815", "粤B·AD20563")

REJECT = {
    'zh': ("该问题属于开发商保修范围，已将资料转交并告知联系方式。", "经核查为业主自行改造部位，请联系原施工单位处理。",
           "描述内容与物业服务无关，建议拨打 12345 咨询。", "相同事项已于上周办结，现场复核正常，不再重复受理。"),
    'en': ("This is covered by the developer's warranty; we passed it on and sent you the contact.",
           "The part was converted by the owner; please ask the firm that did the work."),
}
CANCEL = {
    'zh': ("已经自己解决了，不用来了。", "临时有事，下次再约。", "找到了，谢谢。", "家人已经处理好了。"),
    'en': ("Solved it myself, thank you.", "Have to travel, will ask again."),
}
RETURN = {
    'zh': ("修好两个小时又出现同样的问题，请再来看看。", "问题没有彻底解决，还是有一点渗。",
           "只处理了一半，另一处没有弄。", "现场没有清理干净，请返工。"),
    'en': ("The same problem came back after a few hours.", "Only half of it was done, please come again."),
}
REWORK = {
    'zh': "返工：重新检查并处理，已与业主现场确认。", 'en': "Rework: checked again and repaired, shown to the resident on site.",
}
#: waiting reason -> notes
WAIT = {
    'resident': {'zh': ("业主出差，约回来后处理。", "电话无人接听，晚点再联系。"), 'en': ("Resident is travelling.",)},
    'material': {'zh': ("配件缺货，已下单，预计两天到货。", "等待仓库调拨配件。"), 'en': ("Spare part ordered, two days.",)},
    'third_party': {'zh': ("等待维保单位到场。", "等待楼上业主配合开门。"), 'en': ("Waiting for the maintenance firm.",)},
    'weather': {'zh': ("连续下雨，待天晴施工。",), 'en': ("Rain, work goes on in dry weather.",)},
    'approval': {'zh': ("报价已发送，等待业主确认。", "费用超标，等待经理审批。"), 'en': ("Quote sent, waiting for approval.",)},
}
CHASE = {
    'zh': ("请问什么时候能来？", "已经等了很久了，麻烦催一下。"), 'en': ("When will somebody come?", "Any news on this?"),
}
RATING = {
    5: {'zh': ("师傅很专业，速度快，走前还把地面擦干净了。", "态度非常好，五星好评！",
               "当天就解决了，感谢物业。", "讲解很耐心，老人也听得懂。", ""),
        'en': ("Quick and friendly, thank you!", "Excellent work, very clean.", "")},
    4: {'zh': ("总体满意，就是等的时间稍长。", "修得不错，希望提前通知具体时间。", ""), 'en': ("Good work, a bit late.", "")},
    3: {'zh': ("一般，来了两次才弄好。", "处理了，但是没人告诉我进度。", "价格有点贵。"), 'en': ("Took longer than promised.",)},
    2: {'zh': ("等了两天才来人，电话也打不通。", "修完没打扫，还要自己收拾。"), 'en': ("Had to call three times.",)},
    1: {'zh': ("同样的问题反复出现，非常失望。", "态度敷衍，没有解决问题。"),
        'en': ("Problem came back the next day. Very disappointing.",)},
}
#: rating -> reasons to choose from (keys of the request's rating_reason)
RATING_REASONS = {
    5: ('quality', 'attitude', 'speed', 'cleanliness'), 4: ('quality', 'attitude', 'speed'),
    3: ('speed', 'communication', 'price'),
    2: ('speed', 'communication', 'cleanliness'), 1: ('quality', 'attitude', 'communication'),
}
#: resident's message, staff's answer
TALKS = {
    'zh': (("请问师傅大概几点到？家里要留人。", "您好，师傅预计一小时内到，到达前会电话联系您。"),
           ("补充一下，情况比刚才严重了。", "收到，已提高优先级并通知师傅。"),
           ("我下午三点后才在家。", "好的，已和师傅改到三点以后。"),
           ("费用大概多少？", "人工费用见服务项目说明，材料以现场确认为准，动工前会请您签字。"),
           ("谢谢，处理得很及时。", "感谢您的反馈，有需要随时联系我们。")),
    'en': (("When will the technician arrive? Somebody has to be at home.", "Within the hour; he calls before he comes."),
           ("I am at home only after three.", "Noted, the visit was moved to after three."),
           ("How much will it cost?", "Labour as in the service list; materials are agreed with you before the work begins.")),
}
