import TestSupport
import Testing
import WSProtocol

@Suite struct `Extension fields` {
    @Test func `Names, parameters and quoted values are read`() {
        let value = #"deflate-stream, mux; max-channels=4; flow-control,  x-y;a="b" ;c="\d\e""#
        #expect(
            ExtensionHeader.parse(value) == [
                ExtensionOffer(name: "deflate-stream"),
                ExtensionOffer(
                    name: "mux",
                    parameters: [
                        ExtensionParameter(name: "max-channels", value: "4"), ExtensionParameter(name: "flow-control"),
                    ]
                ),
                ExtensionOffer(
                    name: "x-y",
                    parameters: [
                        ExtensionParameter(name: "a", value: "b"), ExtensionParameter(name: "c", value: "de"),
                    ]
                ),
            ]
        )
    }

    @Test(arguments: ["a;b=c", " a ; b = c ", "\ta;\tb=\tc\t", ",a;b=c", "a;b=c,,", ", ,a;b=\"c\", "])
    func `Whitespace, empty elements and quotes change nothing`(value: String) {
        let expected = ExtensionOffer(name: "a", parameters: [ExtensionParameter(name: "b", value: "c")])
        #expect(ExtensionHeader.parse(value) == [expected])
    }

    @Test func `The same extension may be offered twice, and a parameter be repeated`() {
        let value = "a; p, a; p; p=1"
        #expect(ExtensionHeader.parse(value)?.map(\.parameters.count) == [1, 2])
    }

    @Test
    func `What is not of the grammar is refused`() async {
        await Sweep.each(of: [
            "", " ", ",", ", ,", ";", "=", "a;", "a;;b", "a b", "a=b", "a;b=", "a;=c", "a;b=c=d", "a;b c", "a;b=\"",
            "a;b=\"\"",
            "a;b=\"c d\"", "a;b=\"c\"d", "a;b=\"c\\", "a;b=\"\\\"\"", "a;b='c d'", "é", "a;b=\"é\"", "a/b", "a, b;",
            "a\u{0}",
        ]) { value in
            #expect(ExtensionHeader.parse(value) == nil)
        }
    }
}
