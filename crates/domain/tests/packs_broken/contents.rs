//! Files that can be read but make no sense: one change of the minimal pack a row.

/// (what is replaced, by what, the errors).
pub(crate) const CONTENTS: &[(&str, &str, &[&str])] = &[
    // ---- head ----
    ("version = 1", "version = 0", &["p.toml:2: 版本号从 1 开始"]),
    (
        "id = \"mini\"",
        "id = \"Mini 1\"",
        &["p.toml:1: 编号「Mini 1」只能用小写英文字母、数字、- 和 _，最长 64 个"],
    ),
    (
        "\"work\", \"signatures\"",
        "\"work\"",
        &["p.toml:10: 单据少了签字一栏（signatures）"],
    ),
    (
        "suspend_reasons = [{ id = \"r\", text = { zh = \"缺料\", en = \"Material\" } }]",
        "suspend_reasons = []",
        &["p.toml:12: 「suspend_reasons」至少写一个理由"],
    ),
    (
        "suspend_reasons = [{ id = \"r\", text",
        "suspend_reasons = [{ id = \"r\", customer = { zh = \"少东西\", en = \"Lacking\" }, text",
        &["p.toml:12: 客户看不到这个理由，customer 只写在 unsigned_reasons 里"],
    ),
    (
        "unsigned_reasons = [{ id = \"r\", text",
        "unsigned_reasons = [{ id = \"r\", customer = { zh = \"\", en = \"I disagree\" }, text",
        &["p.toml:15: 「zh」是空的，中文、英文都要写"],
    ),
    (
        "hotline = \"10000\"",
        "hotline = \"none\"",
        &["p.toml:7: 热线要写号码"],
    ),
    (
        "systems = [\"S37\"]",
        "systems = [\"S37\", \"X1\"]",
        &["p.toml:8: 「X1」不是目录里的编号，应像 S37"],
    ),
    (
        "job_types = [\"install\", \"repair\"]",
        "job_types = []",
        &[
            "p.toml:9: 至少写一种作业：install、move 或 repair",
            "p.toml:44: 这个条件永远不会成立",
            "p.toml:89: 「technician」要在「customer」之后，但两条不会同时出现",
        ],
    ),
    (
        "\"work\", \"signatures\"",
        "\"work\", \"work\", \"signatures\"",
        &["p.toml:10: 单据的这一栏写了两遍"],
    ),
    // ---- words and clauses ----
    (
        "zh = \"垫布\"",
        "zh = \" \"",
        &["p.toml:49: 「zh」是空的，中文、英文都要写"],
    ),
    (
        "clauses = [\"S37-28\"]",
        "clauses = []",
        &["p.toml:53: 没有写出处；自己加的要求写 [\"OURS\"]"],
    ),
    (
        "clauses = [\"S37-28\"]",
        "clauses = [\"S37.28\"]",
        &["p.toml:53: 出处「S37.28」应像 S37-12，自己加的写 OURS"],
    ),
    (
        "clauses = [\"S37-28\"]",
        "clauses = [\"S07-13\"]",
        &["p.toml:53: 出处「S07-13」的 S07 没有列在 systems 里"],
    ),
    (
        "en = \"Covers\" }, clauses = [\"S37-01\"]",
        "en = \"Covers\" }, clauses = []",
        &["p.toml:21: 没有写出处；自己加的要求写 [\"OURS\"]"],
    ),
    // ---- names ----
    (
        "id = \"picture\"",
        "id = \"laid\"",
        &["p.toml:56: 编号「laid」用了两次"],
    ),
    (
        "id = \"b\", text",
        "id = \"a\", text",
        &["p.toml:75: 编号「a」用了两次"],
    ),
    (
        "{ fact = \"moved\" }",
        "{ fact = \"mooved\" }",
        &["p.toml:44: 条件里的「mooved」：没有这个问题"],
    ),
    (
        "{ fact = \"moved\" }",
        "{ any = [] }",
        &["p.toml:44: 条件里的列表是空的"],
    ),
    (
        "{ fact = \"moved\" }",
        "{ job = [\"move\"] }",
        &["p.toml:44: 这个条件永远不会成立"],
    ),
    (
        "phase = \"work\"",
        "phase = \"wrok\"",
        &["p.toml:26: 没有「wrok」这个阶段"],
    ),
    (
        "phase = \"work\"",
        "phase = \"work\"\nwhen = { fact = \"moved\" }",
        &["p.toml:27: 条件里的「moved」：前面没有这个问题"],
    ),
    (
        "kit = \"bag\"",
        "kit = \"box\"",
        &["p.toml:37: 没有「box」这个套装"],
    ),
    (
        "members = [{ id = \"covers\", name = { zh = \"鞋套\", en = \"Covers\" }, clauses = [\"S37-01\"] }]",
        "members = []",
        &["p.toml:18: 套装「bag」里没有东西"],
    ),
    (
        "clauses = [\"S37-28\"]",
        "clauses = [\"mine\"]",
        &["p.toml:53: 出处「mine」应像 S37-12，自己加的写 OURS"],
    ),
    // ---- order ----
    (
        "after = [\"asked\"]",
        "after = [\"ask\"]",
        &["p.toml:52: 「laid」要在「ask」之后，但没有这个检查项"],
    ),
    (
        "after = [\"asked\"]",
        "after = [\"picture\"]",
        &["p.toml:52: 「laid」要在「picture」之后，但「picture」排在后面"],
    ),
    (
        "after = [\"asked\"]",
        "after = [\"laid\"]",
        &["p.toml:52: 「laid」和「laid」互相等待，谁也做不了"],
    ),
    (
        "kind = \"photo\" }",
        "kind = \"photo\" }\nafter = [\"laid\"]\nwhen = { job = [\"repair\"] }",
        &[],
    ),
    (
        "after = [\"asked\"]",
        "after = [\"asked\"]\nwhen = { not = { fact = \"moved\" } }",
        &["p.toml:52: 「laid」要在「asked」之后，但两条不会同时出现"],
    ),
    (
        "when = { fact = \"moved\" }",
        "when = { fact = \"moved\" }\nafter = [\"laid\"]",
        &[
            "p.toml:45: 「asked」和「laid」互相等待，谁也做不了",
            "p.toml:53: 「laid」和「asked」互相等待，谁也做不了",
        ],
    ),
    // ---- evidence ----
    (
        "na_reasons = [{ id = \"none\", text = { zh = \"不用\", en = \"Not needed\" } }]\n",
        "",
        &["p.toml:50: 「laid」可以不适用，要写 na_reasons"],
    ),
    (
        "photos = { min = 1, of",
        "photos = { min = 0, of",
        &["p.toml:59: 「picture」靠照片证明，photos 里的 min 至少是 1"],
    ),
    (
        "kind = \"photo\" }",
        "kind = \"photo\", min = 2 }",
        &["p.toml:58: 不认识「min」，这种凭证只写 kind"],
    ),
    (
        "decimals = 1",
        "decimals = 9",
        &["p.toml:65: 小数最多 4 位"],
    ),
    (
        "min = \"-27\"",
        "min = \"-7\"",
        &["p.toml:65: 下限 -7 比上限 -8 大"],
    ),
    (
        "max = \"-8\"",
        "max = \"8\"",
        &["p.toml:65: 读数是负数（negative），限值却是 8"],
    ),
    (
        ", required = true },",
        " },",
        &["p.toml:66: 最后一格「after」要写 required = true"],
    ),
    (
        "  { id = \"b\", text = { zh = \"乙\", en = \"B\" } },\n",
        "",
        &["p.toml:73: 「chosen」至少要有两个选项"],
    ),
    (
        "kind = \"tick\" }",
        "kind = \"tick\" }\nna_reasons = [{ id = \"n\", text = { zh = \"无\", en = \"No\" } }]",
        &["p.toml:44: 只有 tick_or_na 才写 na_reasons"],
    ),
    (
        "unit = \"dBm\"",
        "unit = \"\"",
        &["p.toml:65: 读数要写单位"],
    ),
    (
        "  { id = \"after\", name = { zh = \"装后\", en = \"After\" }, required = true },\n",
        "",
        &["p.toml:65: 读数至少要有一格（slots）"],
    ),
    (
        "sign = \"negative\"",
        "sign = \"positive\"",
        &[
            "p.toml:65: 读数是正数（positive），限值却是 -27",
            "p.toml:65: 读数是正数（positive），限值却是 -8",
        ],
    ),
    (
        "min = \"-27\"",
        "min_percent_of_contract = 0",
        &[
            "p.toml:65: 签约速率的百分比应在 1 到 100 之间",
            "p.toml:65: 读数是负数（negative），不能按签约速率比",
        ],
    ),
    (
        "min = \"-27\"",
        "min = \"-27\", min_percent_of_contract = 90",
        &[
            "p.toml:65: 下限只能写一种：min 或 min_percent_of_contract",
            "p.toml:65: 读数是负数（negative），不能按签约速率比",
        ],
    ),
    // ---- sign-off and survey ----
    (
        "kind = \"customer_signature\"",
        "kind = \"tick\"",
        &["p.toml:0: 没有不带条件的客户签字（customer_signature）"],
    ),
    (
        "kind = \"technician_signature\" }",
        "kind = \"technician_signature\" }\nwhen = { fact = \"moved\" }",
        &["p.toml:0: 没有不带条件的师傅签字（technician_signature）"],
    ),
    (
        "options = [{ id = \"yes\", text = { zh = \"满意\", en = \"Yes\" } }, { id = \"no\", text = { zh = \"不满意\", en = \"No\" } }]",
        "options = []",
        &["p.toml:95: 问题「happy」至少要有两个选项"],
    ),
];
