"""Variants of characters, each with the character that it is folded to."""

import unicodedata

# 旧字体と異体字, each pair the variant and its folded form. NFKC folds none of them.
KANJI = """
髙高 﨑崎 嵜崎 碕崎 邊辺 邉辺 國国 廣広 齋斎 齊斉 澤沢 濱浜 濵浜 瀨瀬 眞真 德徳 惠恵 榮栄
學学 會会 實実 壽寿 萬万 圓円 團団 圖図 體体 臺台 嶋島 嶌島 嶽岳 龍竜 瀧滝 櫻桜 冨富 峯峰
舘館 條条 淺浅 淸清 靑青 桒桑 栁柳 槇槙 檜桧 藏蔵 藝芸 蘆芦 莊荘 豐豊 譽誉 賴頼 賣売 讀読
變変 證証 轉転 辯弁 瓣弁 辨弁 遙遥 遲遅 鄕郷 鄉郷 鐵鉄 鑛鉱 關関 險険 驗験 驛駅 髮髪 鷄鶏
麥麦 黃黄 黑黒 默黙 點点 黨党 齒歯 龜亀 亞亜 惡悪 壓圧 圍囲 爲為 醫医 壹壱 稻稲 飮飲 隱隠
營営 衞衛 緣縁 應応 歐欧 毆殴 奧奥 橫横 溫温 穩穏 假仮 價価 畫画 繪絵 壞壊 懷懐 殼殻 覺覚
擴拡 勸勧 卷巻 寬寛 歡歓 罐缶 觀観 歸帰 氣気 僞偽 戲戯 犧犠 舊旧 據拠 擧挙 虛虚 峽峡 挾挟
狹狭 曉暁 區区 驅駆 勳勲 薰薫 徑径 莖茎 經経 繼継 輕軽 擊撃 缺欠 儉倹 劍剣 圈圏 檢検 權権
獻献 縣県 顯顕 嚴厳 效効 恆恒 號号 雜雑 參参 慘惨 棧桟 蠶蚕 贊賛 殘残 絲糸 辭辞 濕湿 舍舎
寫写 釋釈 收収 從従 澁渋 獸獣 縱縦 肅粛 處処 敍叙 奬奨 將将 燒焼 稱称 疊畳 剩剰 壤壌 孃嬢
乘乗 淨浄 繩縄 讓譲 釀醸 觸触 囑嘱 愼慎 寢寝 盡尽 粹粋 醉酔 穗穂 隨随 髓髄 數数 樞枢 聲声
靜静 竊窃 攝摂 專専 戰戦 潛潜 纖繊 踐践 錢銭 禪禅 雙双 壯壮 搜捜 插挿 爭争 總総 裝装 騷騒
增増 臟臓 屬属 續続 墮堕 對対 帶帯 滯滞 擇択 單単 擔担 膽胆 彈弾 斷断 癡痴 晝昼 蟲虫 鑄鋳
廳庁 聽聴 敕勅 鎭鎮 遞逓 傳伝 當当 燈灯 盜盗 獨独 屆届 貳弐 惱悩 腦脳 廢廃 拜拝 發発 拔抜
蠻蛮 祕秘 佛仏 拂払 竝並 步歩 寶宝 豫予 餘余 與与 搖揺 樣様 謠謡 來来 亂乱 覽覧 獵猟 兩両
壘塁 勞労 樓楼 祿禄 灣湾 彌弥 禮礼 鹽塩 鬪闘 屛屏 吳呉 俱倶 俠侠 內内 姬姫 𠮷吉 𠮟叱 塡填
頰頬 剝剥 餠餅 攜携 槪概 緖緒 渴渇 萊莱 蠟蝋 鷗鴎 麴麹 箇ケ 稅税 說説 敎教 悅悦 卽即 曾曽 籠篭 淵渕
渊渕 閒間 槗橋 檮梼 煕熙 讚讃 圡土 靍鶴 靏鶴 舩船 杦杉 軄職 頴穎 繫繋 噓嘘 瘦痩 麵麺
"""
KATAKANA_OF_HIRAGANA = 0x60  # how far apart the two blocks of characters lie
SMALL = {"ヵ": "カ", "ヶ": "ケ"}  # 霞ヶ関 and 霞ケ関, 一ヵ月 and 一カ月
LONG_VOWEL = "ー"
# Hyphens, minus signs, dashes, rules and waves: typed for one another, and for the long vowel.
DASHES = "-‐‑‒–—―⁃−─━╴╶╸╺⁓~〜〰∼⎯ｰ"
PUNCTUATION = {"、": ",", "。": ".", "“": '"', "”": '"', "‘": "'", "’": "'", "〈": "<", "〉": ">"}
IGNORED = "・‧•"  # written between the words of a name, or omitted


# Of the Latin letters with marks, those whose letter and mark Unicode does not take apart.
LATIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "æ": "ae", "œ": "oe", "ı": "i"}
LATIN_BLOCKS = (range(0xC0, 0x250), range(0x1E00, 0x1F00))


def latin_letters() -> dict[str, str]:
    """Return each Latin letter with marks as the letter alone: café is also typed as cafe."""
    letters = {
        chr(code): unicodedata.normalize("NFKD", chr(code))
        for each in LATIN_BLOCKS
        for code in each
    }
    return LATIN | {
        sign: parts[0]
        for sign, parts in letters.items()
        if "a" <= parts[0] <= "z" and sign != parts
    }


def variant_table() -> dict[int, str]:
    """Return a table for `str.translate`; characters folded to "" are ignored."""
    pairs = {pair[0]: pair[1] for pair in KANJI.split()}
    kana = {
        chr(code): chr(code + KATAKANA_OF_HIRAGANA)
        for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)
    }
    kana |= {"ゕ": "カ", "ゖ": "ケ"}
    dashes = dict.fromkeys(DASHES, LONG_VOWEL)
    unread = dict.fromkeys(IGNORED, "")
    return str.maketrans(latin_letters() | pairs | kana | SMALL | dashes | PUNCTUATION | unread)
