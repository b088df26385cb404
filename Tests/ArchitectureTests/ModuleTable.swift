import Testing

/// A folder of `Sources/` and what its files may import.
struct ModuleRules: Sendable, CustomTestStringConvertible {
    /// The module's name, which is its folder's.
    var name: String
    /// What any of its files may import.
    var imports: Set<String> = []
    /// What one of its files may import, and no second one.
    var inOneFile: Set<String> = []
    /// Whether it is a program, which needs no article of its own.
    var isProgram = false

    /// Everything that the module may import.
    var allowed: Set<String> { imports.union(inOneFile) }

    var testDescription: String { name }
}

/// The list of modules, and the only place that says who may know whom.
///
/// A new module begins with a line here.
enum ModuleTable {
    static let all: [ModuleRules] = libraries + [program]

    /// Lowest first: a module imports only what stands above it.
    private static let libraries = [
        // Every bound of the tool, so that no bound hides where it is used.
        ModuleRules(name: "WSLimits"),

        // JSON that people write, with the places of its faults.
        ModuleRules(name: "WSJSON", imports: ["WSLimits"]),

        // The codec: standard library only, so that others can embed it and fuzz builds are short.
        ModuleRules(name: "WSKernels"),
        // What compressed messages are made of; it knows no WebSocket, so that it can be fuzzed against zlib alone.
        ModuleRules(name: "WSDeflate", imports: ["WSLimits"]),
        ModuleRules(name: "WSProtocol", imports: ["WSDeflate", "WSKernels", "WSLimits"]),
        // HTTP/2, which knows no WebSocket: a tunnel is octets.
        ModuleRules(name: "WSHTTP2", imports: ["WSLimits"]),

        // zlib ends here. It compresses; what is judged is inflated by WSDeflate.
        ModuleRules(name: "WSCompression", imports: ["CZlib"]),

        // What is tested.
        ModuleRules(
            name: "WSScenario",
            imports: ["WSDeflate", "WSProtocol", "WSKernels", "WSLimits", "Synchronization"]
        ),
        ModuleRules(
            name: "WSCatalogue",
            imports: ["WSScenario", "WSDeflate", "WSHTTP2", "WSProtocol", "WSKernels"],
            inOneFile: ["FoundationEssentials"]
        ),

        // How it is tested. SwiftNIO and the system's C library end at WSTransport.
        ModuleRules(name: "WSLink"),
        // HTTP/2 as a link that carries links; it knows no WebSocket either.
        ModuleRules(name: "WSHTTP2Link", imports: ["WSHTTP2", "WSLimits", "WSLink"]),
        ModuleRules(
            name: "WSTransport",
            imports: [
                "WSLimits", "WSLink", "NIOCore", "NIOPosix", "NIOTLS", "Synchronization", "Glibc", "Musl", "Darwin",
            ],
            // The answers of proxies; what a peer under test says is never read with it.
            inOneFile: ["NIOHTTP1"]
        ),
        // BoringSSL ends here.
        ModuleRules(
            name: "WSTransportTLS",
            imports: ["WSLink", "WSTransport", "WSKernels", "NIOCore", "NIOTLS", "NIOSSL"],
            inOneFile: ["FoundationEssentials"]
        ),
        ModuleRules(name: "WSTranscript", imports: ["WSKernels", "WSLimits"], inOneFile: ["FoundationEssentials"]),
        ModuleRules(
            name: "WSRunner",
            imports: [
                "WSDeflate", "WSScenario", "WSTranscript", "WSProtocol", "WSKernels", "WSLink", "WSLimits",
                "WSCompression", "Synchronization",
            ],
            inOneFile: ["FoundationEssentials"]
        ),
        // Processes of ours end here, too: the only module that starts any.
        ModuleRules(
            name: "WSProcess",
            imports: [
                "WSLimits", "WSLink", "WSRunner", "WSTranscript", "Subprocess", "SystemPackage", "Dispatch",
                "Synchronization", "Glibc",
                "Musl", "Darwin",
            ]
        ),

        // Who receives clients under test; it judges nothing and writes nothing.
        ModuleRules(
            name: "WSControl",
            imports: [
                "WSHTTP2", "WSHTTP2Link", "WSLimits", "WSLink", "WSRunner", "WSScenario", "WSTranscript", "WSProtocol",
                "WSKernels", "Synchronization",
            ],
            inOneFile: ["FoundationEssentials"]
        ),

        // What came of it. The judge sees neither the runner nor a clock, a renderer nothing but a report.
        ModuleRules(
            name: "WSJudge",
            imports: ["WSDeflate", "WSHTTP2", "WSLimits", "WSScenario", "WSTranscript", "WSProtocol", "WSKernels"]
        ),
        ModuleRules(
            name: "WSReport",
            imports: ["WSJudge", "WSKernels", "WSLimits", "WSScenario"],
            inOneFile: ["FoundationEssentials"]
        ),
        // What a report means for whoever waits for it: what was expected, and what changed.
        ModuleRules(
            name: "WSGate",
            imports: ["WSJudge", "WSKernels", "WSReport"],
            inOneFile: ["FoundationEssentials"]
        ),
        ModuleRules(
            name: "WSRender",
            imports: ["WSGate", "WSJudge", "WSKernels", "WSLimits", "WSReport", "WSScenario"]
        ),

        // What the spec files of Autobahn|Testsuite say; neither files nor scenarios, so that it can be fuzzed.
        ModuleRules(name: "WSAutobahnSpec", imports: ["WSJSON", "WSLimits"]),

        // Knows no fuzzer and no socket, so that anything can drive it.
        ModuleRules(name: "WSFuzzing", imports: ["WSDeflate", "WSHTTP2", "WSProtocol", "WSKernels", "WSLimits"]),
        // The C interface and what libFuzzer calls; the two it needs besides stand below Fuzz/.
        ModuleRules(
            name: "WSFuzzABI",
            imports: ["CWSFuzz", "FuzzMutator", "WSFuzzing", "WSProtocol", "Glibc", "Musl", "Darwin"]
        ),

        // What attacks a live peer: it makes conversations and decides what is next, and plays nothing itself.
        ModuleRules(
            name: "WSLiveFuzzing",
            imports: [
                "WSCatalogue", "WSFuzzing", "WSJudge", "WSKernels", "WSLimits", "WSProtocol", "WSScenario",
            ]
        ),

        // The built-in target knows no scenario, so that none can be written to please it.
        ModuleRules(
            name: "WSModelPeer",
            imports: ["WSCompression", "WSDeflate", "WSHTTP2Link", "WSProtocol", "WSKernels", "WSLink"]
        ),

        // What a run leaves on disk, and judging it anew; without sockets, so that it can be fuzzed.
        ModuleRules(
            name: "WSRunFolder",
            imports: [
                "CWSBuild", "WSCatalogue", "WSJudge", "WSKernels", "WSLimits", "WSProtocol", "WSReport", "WSRunner",
                "WSScenario", "WSTranscript", "FoundationEssentials", "Synchronization", "SystemPackage", "Glibc",
                "Musl", "Darwin",
            ]
        ),

        // What is fuzzed of the tool itself; apart, so that the codec's targets are built without it.
        ModuleRules(
            name: "WSToolFuzzing",
            imports: [
                "WSFuzzing", "WSProtocol", "WSScenario", "WSCatalogue", "WSLink", "WSTranscript", "WSRunner", "WSJudge",
                "WSReport", "WSRender", "WSModelPeer", "WSControl", "WSKernels", "WSRunFolder", "WSAutobahnSpec",
                "WSGate", "Glibc", "Musl", "Darwin",
            ]
        ),

        // A whole run for either role, from its settings to what was found; says nothing to a terminal.
        ModuleRules(
            name: "WSConform",
            imports: [
                "WSAutobahnSpec", "WSCatalogue", "WSControl", "WSGate", "WSHTTP2Link", "WSJudge", "WSKernels",
                "WSLimits", "WSLink", "WSLiveFuzzing", "WSModelPeer", "WSProcess",
                "WSProtocol", "WSRender", "WSReport", "WSRunFolder", "WSRunner", "WSScenario", "WSTranscript",
                "WSTransport", "WSTransportTLS", "NIOCore",
                "NIOPosix", "FoundationEssentials", "Synchronization", "Glibc", "Musl", "Darwin",
            ]
        ),
    ]

    // Arguments, console, signals, exit codes.
    private static let program = ModuleRules(
        name: "WSCommand",
        imports: [
            "WSAutobahnSpec", "WSCatalogue", "WSConform", "WSGate", "WSJSON", "WSJudge", "WSKernels", "WSLimits",
            "WSLink", "WSModelPeer", "WSProcess", "WSProtocol", "WSRender", "WSReport", "WSRunFolder", "WSRunner",
            "WSScenario", "WSTranscript", "WSTransport", "WSTransportTLS",
            "ArgumentParser", "NIOCore", "NIOPosix", "FoundationEssentials", "Dispatch", "Synchronization",
            "SystemPackage", "Glibc", "Musl", "Darwin",
        ],
        isProgram: true
    )

    /// What comes with the toolchain and is therefore no dependency in the manifest.
    static let toolchain: Set<String> = [
        "FoundationEssentials", "Dispatch", "Synchronization", "Glibc", "Musl", "Darwin",
    ]

    /// What no module imports: all of Foundation costs start-up time and a larger binary.
    static let forbidden: Set<String> = ["Foundation", "FoundationNetworking", "FoundationXML"]
}
