//! Files that are not written as TOML or as the types want it: one change of the minimal pack a row.

/// (what is replaced, by what, the errors).
pub(crate) const WRITING: &[(&str, &str, &[&str])] = &[
    // ---- TOML ----
    (
        "hotline = \"10000\"",
        "hotline = 一万",
        &["p.toml:7: 文字要放在英文引号里，如 \"…\""],
    ),
    (
        "hotline = \"10000\"",
        "hotline = \"10000",
        &["p.toml:7: 引号没有配上，或引号里有不能用的字符"],
    ),
    (
        "hotline = \"10000\"",
        "热线 = \"10000\"",
        &["p.toml:7: 等号左边的名字只能用英文字母、数字、- 和 _"],
    ),
    (
        "version = 1",
        "version = 1\nversion = 2",
        &["p.toml:3: 同一处写了两遍同样的名字"],
    ),
    (
        "[[survey]]",
        "[[survey",
        &["p.toml:92: 左方括号 [ 没有配上 ]"],
    ),
    (
        "hotline = \"10000\"",
        "hotline",
        &["p.toml:7: 名字后面少了等号和内容"],
    ),
    (
        "hotline = \"10000\"",
        "hotline =",
        &["p.toml:7: 文字要放在英文引号里，如 \"…\""],
    ),
    (
        "hotline = \"10000\"",
        "= \"10000\"",
        &["p.toml:7: 等号左边少了名字"],
    ),
    (
        "hotline = \"10000\"",
        "hotline = = \"10000\"",
        &["p.toml:7: 这里多了一个等号"],
    ),
    (
        "hotline = \"10000\"",
        "hotline = \"10000\" \"20000\"",
        &["p.toml:7: 这里多出了内容；一行只写一项"],
    ),
    (
        "hotline = \"10000\"",
        "hotline = 10000\"",
        &["p.toml:7: 少了前面的引号"],
    ),
    (
        "hotline = \"10000\"",
        "hotline = '10000",
        &["p.toml:7: 引号没有配上，或引号里有不能用的字符"],
    ),
    (
        "hotline = \"10000\"",
        "hotline = \"\"\"10000",
        &["p.toml:97: 三个引号没有配上，或里面有不能用的字符"],
    ),
    (
        "hotline = \"10000\"",
        "hotline = \"10\\q000\"",
        &["p.toml:7: 反斜杠后面的写法不对；要写反斜杠本身，请写两个"],
    ),
    (
        "hotline = \"10000\"",
        "hotline = \"10\\u12\"",
        &["p.toml:7: 反斜杠后面的写法不对；要写反斜杠本身，请写两个"],
    ),
    (
        "hotline = \"10000\"",
        "hotline = ]",
        &["p.toml:7: 右方括号 ] 前面没有 ["],
    ),
    (
        "hotline = \"10000\"",
        "hotline = }",
        &["p.toml:7: 右花括号 } 前面没有 {"],
    ),
    (
        "hotline = \"10000\"",
        "\"\"\"hotline\"\"\" = \"10000\"",
        &["p.toml:7: 等号左边的名字只能写在一行里"],
    ),
    (
        "hotline = \"10000\"",
        "hotline = \"10000\" # \u{1}",
        &["p.toml:7: # 后面的说明里有不能用的字符"],
    ),
    (
        "hotline = \"10000\"",
        "hotline = \"10000\"\rx",
        &["p.toml:7: 换行的写法不对，请用文本编辑器重新保存"],
    ),
    (
        "version = 1",
        "version = 01",
        &["p.toml:2: 这个数的写法不对，应像 12 或 -3"],
    ),
    (
        "version = 1",
        "version = +-1",
        &["p.toml:2: 这个数的写法不对，应像 12 或 -3"],
    ),
    (
        "version = 1",
        "version = 1__0",
        &["p.toml:2: 这个数的写法不对，应像 12 或 -3"],
    ),
    (
        "version = 1",
        "version = 0X1",
        &["p.toml:2: 这个数的写法不对，应像 12 或 -3"],
    ),
    (
        "version = 1",
        "version = -0x1",
        &["p.toml:2: 这个数的写法不对，应像 12 或 -3"],
    ),
    (
        "version = 1",
        "version = 99999999999999999999999999999999999999999",
        &["p.toml:2: 这个数的写法不对，应像 12 或 -3"],
    ),
    (
        "[\"S37\"]",
        "[\"S37\" \"S07\"]",
        &["p.toml:8: 两项之间少了逗号（英文逗号）"],
    ),
    ("[\"S37\"]", "[,\"S37\"]", &["p.toml:8: 多了一个逗号"]),
    (
        "[\"S37\"]",
        "[\"S37\"",
        &["p.toml:9: 两项之间少了逗号（英文逗号）"],
    ),
    (
        "[\"S37\"]",
        "[a = \"S37\"]",
        &["p.toml:8: 这里多了一个等号"],
    ),
    (
        "en = \"Mini\" }",
        "en = \"Mini\"",
        &["p.toml:4: 两项之间少了逗号（英文逗号）"],
    ),
    (
        "zh = \"小规范\", en",
        "zh = \"小规范\" en",
        &["p.toml:3: 两项之间少了逗号（英文逗号）"],
    ),
    (
        "zh = \"小规范\", en",
        "zh \"小规范\", en",
        &["p.toml:3: 名字后面少了等号"],
    ),
    (
        "zh = \"小规范\", en",
        "zh = \"小规范\",, en",
        &["p.toml:3: 多了一个逗号"],
    ),
    (
        "zh = \"小规范\", en",
        "{ zh = \"小规范\" }, en",
        &["p.toml:3: 等号左边少了名字"],
    ),
    ("zh = \"小规范\", en", "zh, en", &["p.toml:3: 多了一个逗号"]),
    (
        "[[survey]]",
        "[survey.x.y]\nz = 1\n[[survey]]",
        &["p.toml:94: 同一处写了两遍同样的名字"],
    ),
    (
        "[[survey]]",
        "survey]]",
        &["p.toml:92: 名字后面少了等号和内容"],
    ),
    (
        "version = 1",
        "version = 1\nversion.a = 1",
        &["p.toml:3: 前面已经给这个名字写了内容，不能再往里加"],
    ),
    (
        "zh = \"小规范\", en",
        "zh = , en",
        &["p.toml:3: 多了一个逗号"],
    ),
    (
        "en = \"No\" } }]\nclauses = [\"OURS\"]\n",
        "en = \"No\" }",
        &["p.toml:95: 左花括号 { 没有配上 }"],
    ),
    // ---- types ----
    (
        "version = 1",
        "version = \"一\"",
        &["p.toml:2: 这里要写不小于 0 的整数，现在写的是文字「一」"],
    ),
    (
        "hotline = \"10000\"",
        "hotline = 10000",
        &["p.toml:7: 这里要写加引号的文字，现在写的是整数 10000"],
    ),
    (
        "hotline = \"10000\"\n",
        "",
        &["p.toml:0: 少写了「hotline」"],
    ),
    (", en = \"Mat\"", "", &["p.toml:49: 少写了「en」"]),
    (
        "phase = \"work\"",
        "phases = \"work\"",
        &["p.toml:26: 不认识「phases」，这里可以写：id、text、phase、required、clauses、when"],
    ),
    (
        "kind = \"tick_or_na\"",
        "kind = \"tik\"",
        &[
            "p.toml:50: 不认识「tik」，这里只能写：tick、tick_or_na、photo、text、reading、choice、time、date、consent、rows、\
           auto_call、auto_appointment、auto_kit、auto_gear、auto_milestone、feedback、customer_signature、technician_signature",
        ],
    ),
    (
        "\"work\", \"signatures\"",
        "\"works\", \"signatures\"",
        &[
            "p.toml:10: 不认识「works」，这里只能写：work、customer、times、checklist、readings、devices、\
           materials、fees、feedback、photos、signatures",
        ],
    ),
    (
        "{ fact = \"moved\" }",
        "{ fact = \"moved\", job = [\"install\"] }",
        &["p.toml:44: 条件里只能写一种：all、any、not、fact 或 job"],
    ),
    (
        "min = \"-27\"",
        "min = -27.5",
        &["p.toml:65: 这里要写加引号的数（如 \"-27.0\"），现在写的是不加引号的小数 -27.5"],
    ),
    (
        "decimals = 1",
        "decimals = 300",
        &["p.toml:65: 这里要写 0 到 255 的整数，现在写的是整数 300"],
    ),
    (
        "decimals = 1",
        "decimals = \"1\"",
        &["p.toml:65: 这里要写 0 到 255 的整数，现在写的是文字「1」"],
    ),
    (
        "version = 1",
        "version = -1",
        &["p.toml:2: 这里要写不小于 0 的整数，现在写的是整数 -1"],
    ),
    (
        "version = 1",
        "version = true",
        &["p.toml:2: 这里要写不小于 0 的整数，现在写的是 true"],
    ),
    (
        "version = 1",
        "version = [1]",
        &["p.toml:2: 这里要写不小于 0 的整数，现在写的是列表 [ … ]"],
    ),
    (
        "min = 1, of",
        "min = { a = 1 }, of",
        &["p.toml:59: 这里要写 0 到 255 的整数，现在写的是一组 { … }"],
    ),
    (
        "decimals = 1",
        "decimals = 1, wavelength_nm = 70000",
        &["p.toml:65: 这里要写 0 到 65535 的整数，现在写的是整数 70000"],
    ),
    (
        ", required = true",
        ", required = 1",
        &["p.toml:65: 这里要写 true 或 false，现在写的是整数 1"],
    ),
    (
        "systems = [\"S37\"]",
        "systems = \"S37\"",
        &["p.toml:8: 这里要写列表 [ … ]，现在写的是文字「S37」"],
    ),
    (
        "min = \"-27\"",
        "min = \"much\"",
        &["p.toml:65: 这里要写加引号的数（如 \"-27.0\"），现在写的是文字「much」"],
    ),
    (
        "evidence = { kind = \"tick\" }",
        "evidence = \"tick\"",
        &["p.toml:43: 这里要写一组 { kind = \"…\" }，现在写的是文字「tick」"],
    ),
    (
        "evidence = { kind = \"tick\" }",
        "evidence = { kind = 3 }",
        &["p.toml:43: 这里要写一组 { … } 或加引号的文字，现在写的是整数 3"],
    ),
    (
        "kind = \"tick\" }",
        "kind = \"tick\", kind = \"time\" }",
        &["p.toml:43: 同一处写了两遍同样的名字"],
    ),
    (
        "{ fact = \"moved\" }",
        "3",
        &["p.toml:44: 这里要写加引号的文字，或一组 { … }"],
    ),
    (
        "{ fact = \"moved\" }",
        "\"moved\"",
        &["p.toml:44: 不认识「moved」，这里只能写：all、any、not、fact、job"],
    ),
    (
        "{ fact = \"moved\" }",
        "{}",
        &["p.toml:44: 条件里只能写一种：all、any、not、fact 或 job"],
    ),
    (
        "{ fact = \"moved\" }",
        "{ fact = [\"moved\"] }",
        &["p.toml:44: 这里要写加引号的文字，现在写的是列表 [ … ]"],
    ),
    (
        "{ fact = \"moved\" }",
        "{ job = [\"paint\"] }",
        &["p.toml:44: 不认识「paint」，这里只能写：install、move、repair"],
    ),
    (
        "job_types = [\"install\", \"repair\"]",
        "job_types = [{ install = 1 }]",
        &["p.toml:9: 这里的写法不对，和别的规范里同样的地方比一比"],
    ),
    (
        "job_types = [\"install\", \"repair\"]",
        "job_types = [1]",
        &["p.toml:9: 这里要写加引号的文字，或一组 { … }"],
    ),
    (
        "name = { zh = \"小规范\", en = \"Mini\" }",
        "name = \"小规范\"",
        &["p.toml:3: 这里要写一组 { … }，现在写的是文字「小规范」"],
    ),
];
