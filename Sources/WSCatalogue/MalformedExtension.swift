/// An invalid value of Sec-WebSocket-Extensions (RFC 6455, 9.1), for requests and for responses.
struct MalformedExtension: Sendable {
    /// The last part of the scenario's id.
    var slug: String
    /// The value of the field.
    var value: String
    /// What is wrong, as a phrase after "an extension with".
    var phrase: String

    /// The requirements that it violates, besides the one about the field.
    var requirements: [String] { value.hasSuffix("\"") ? ["RFC6455-9.1-02", "RFC6455-4.3-03"] : [] }

    /// All values.
    static let all = [
        Self(slug: "semicolon", value: ";", phrase: "a semicolon alone"),
        Self(slug: "no-parameter", value: "a;", phrase: "no parameter behind the semicolon"),
        Self(slug: "no-parameter-between", value: "a;;b", phrase: "no parameter between semicolons"),
        Self(slug: "no-parameter-name", value: "a; =1", phrase: "no name of the parameter"),
        Self(slug: "no-parameter-value", value: "a; b=", phrase: "no value of the parameter"),
        Self(slug: "value-without-parameter", value: "a=1", phrase: "a value of the extension itself"),
        Self(slug: "two-words", value: "a b", phrase: "two words"),
        Self(slug: "open-quote", value: "a; b=\"x", phrase: "an open quote"),
        Self(slug: "quoted-space", value: "a; b=\"x y\"", phrase: "a space in quotes"),
        Self(slug: "quoted-nothing", value: "a; b=\"\"", phrase: "nothing in quotes"),
        Self(slug: "two-equals-signs", value: "a; b=1=2", phrase: "two equals signs"),
        Self(slug: "octet-above-ascii", value: "ä", phrase: "an octet above ASCII"),
    ]
}
