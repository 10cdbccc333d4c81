// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "authbed",
    products: [
        // Not linked but preloaded into subjects whose clock is moved.
        .library(name: "MonotonicTimers", type: .dynamic, targets: ["CMonotonicTimers"])
    ],
    dependencies: [
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        // Without its default traits: they bring swift-configuration, which nothing here uses.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // The system's libraries, and typed functions over what Swift cannot call in them.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .target(name: "CShims", dependencies: ["CCurl", "COpenSSL"]),
        .target(name: "CMonotonicTimers"),
        // For tests: how many instructions something takes, and programs in processes of their own.
        .target(name: "CInstructions"),
        .target(name: "CSpawning", path: "Tests/CSpawning"),
        .target(name: "ChildProcesses", dependencies: ["CSpawning"], path: "Tests/ChildProcesses"),

        // What is decided.
        .target(name: "Auth", dependencies: [.crypto]),
        .target(name: "OAuth", dependencies: ["Auth", .crypto, .cryptoExtras, .jwtKit]),
        .target(name: "MutualTLS", dependencies: ["Auth", .asn1, .crypto, .x509]),
        .target(name: "Store", dependencies: ["Auth", "OAuth", .crypto, .grdb]),
        .target(name: "MCP"),

        // How it is served, and the three subjects.
        .target(
            name: "Serving",
            dependencies: [
                "Auth", "MutualTLS", .asn1, .httpTypes, .hummingbird, .hummingbirdCore, .lifecycle, .logging,
                .nioCore, .nioHTTP1, .nioPosix, .nioSSL, .nioTLS, .systemPackage, .unixSignals, .x509,
            ]),
        .target(
            name: "Server",
            dependencies: [
                "Auth", "MCP", "MutualTLS", "OAuth", "Serving", "Store", .asyncHTTPClient, .crypto, .httpTypes, .hummingbird,
                .hummingbirdCore, .lifecycle, .logging, .nioCore, .nioHTTP1, .nioSSL, .sqlite, .systemPackage, .unixSignals,
            ]),
        .target(
            name: "Issuer",
            dependencies: [
                "Auth", "MutualTLS", "OAuth", "Serving", "Store", .asyncHTTPClient, .crypto, .httpTypes, .hummingbird, .hummingbirdCore,
                .jwtKit, .lifecycle, .logging, .nioCore, .nioHTTP1, .nioPosix, .nioSSL, .systemPackage, .unixSignals,
            ]),
        .target(
            name: "Client",
            dependencies: [
                "Auth", "MCP", "OAuth", .asn1, .asyncHTTPClient, .nioCore, .nioHTTP1, .nioPosix, .nioSSL, .x509,
            ]),
        .target(
            name: "Defects",
            dependencies: [
                "Auth", "Client", "Issuer", "MCP", "MutualTLS", "OAuth", "Server", "Serving", "Store", .httpTypes, .hummingbird, .nioCore,
                .nioSSL, .asn1, .x509,
            ]),

        // How it is tried, from outside: never a subject's module.
        .target(name: "Forging", dependencies: ["COpenSSL", .yams]),
        .target(name: "Probing", dependencies: ["CCurl", "COpenSSL", "CShims", .histogram]),
        .target(name: "Trace"),
        .target(name: "Scenarios", dependencies: [.yams]),
        .target(
            name: "Bed",
            dependencies: [
                "Forging", "Probing", "Scenarios", "Trace", .httpTypes, .hummingbird, .hummingbirdCore, .lifecycle,
                .logging, .nioCore, .nioPosix, .nioSSL, .subprocess, .systemPackage, .yams,
            ]),
        .target(name: "Judge", dependencies: ["Scenarios", "Trace"]),
        .target(name: "Reports", dependencies: ["Judge", "Scenarios", "Trace", .mustache]),

        // Programs.
        .executableTarget(
            name: "authbed",
            dependencies: ["Bed", "Forging", "Judge", "Probing", "Reports", "Scenarios", "Trace", .arguments, .histogram, .systemPackage],
            path: "Sources/AuthbedCommand"),
        .executableTarget(name: "mcp-server", dependencies: ["Auth", "Server", "Store", .arguments], path: "Sources/ServerCommand"),
        .executableTarget(
            name: "token-issuer", dependencies: ["Auth", "Issuer", "OAuth", "Serving", "Store", .arguments], path: "Sources/IssuerCommand"),
        .executableTarget(name: "mcp-client", dependencies: ["Auth", "Client", "MCP", .arguments], path: "Sources/ClientCommand"),
        .executableTarget(
            name: "certs-gen", dependencies: ["Forging", .arguments], path: "certs-gen", exclude: ["pki.yaml"]),
        .executableTarget(
            name: "defective", dependencies: ["Client", "Defects", "Issuer", "Server", .arguments], path: "Sources/DefectiveCommand"),

        // Tests.
        .testTarget(name: "AuthTests", dependencies: ["Auth", "CInstructions", .crypto]),
        .testTarget(name: "OAuthTests", dependencies: ["Auth", "OAuth", .crypto, .jwtKit]),
        .testTarget(name: "MutualTLSTests", dependencies: ["Auth", "MutualTLS", .asn1, .crypto, .x509], exclude: ["corpus"]),
        .testTarget(name: "StoreTests", dependencies: ["Auth", "OAuth", "Store"]),
        .testTarget(name: "MCPTests", dependencies: ["MCP"]),
        .testTarget(
            name: "ServingTests",
            dependencies: [
                "Auth", "MutualTLS", "Serving", .asn1, .crypto, .httpTypes, .hummingbird, .lifecycle, .logging, .nioCore, .nioPosix,
                .nioSSL, .x509,
            ]),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Auth", "Defects", "MCP", "MutualTLS", "OAuth", "Server", "Serving", .asn1, .crypto, .httpTypes, .hummingbirdCore, .nioCore,
                .nioSSL, .x509,
            ]),
        .testTarget(
            name: "IssuerTests",
            dependencies: [
                "Auth", "ChildProcesses", "Defects", "Issuer", "MutualTLS", "OAuth", "Serving", "Store", .asn1, .asyncHTTPClient, .crypto,
                .httpTypes, .hummingbird, .lifecycle, .logging, .nioCore, .nioHTTP1, .x509,
            ]),
        .testTarget(
            name: "ClientTests", dependencies: ["Auth", "ChildProcesses", "Client", "MCP", "OAuth", .nioCore, .nioHTTP1, .nioPosix]),
        .testTarget(name: "ForgingTests", dependencies: ["ChildProcesses", "Forging"]),
        .testTarget(name: "ProbingTests", dependencies: ["ChildProcesses", "Forging", "Probing"], exclude: ["peer.py"]),
        .testTarget(name: "ScenariosTests", dependencies: ["Auth", "Scenarios", "Trace"]),
        .testTarget(name: "JudgeTests", dependencies: ["Judge", "Reports", "Scenarios", "Trace"]),
        .testTarget(
            name: "BedTests",
            dependencies: [
                "Bed", "ChildProcesses", "Forging", "Probing", "Scenarios", "Trace", .httpTypes, .hummingbird, .nioCore, .subprocess,
            ]),
        .testTarget(name: "ProjectTests", dependencies: ["Defects", "Forging", "Scenarios"]),
    ]
)

extension Target.Dependency {
    static var arguments: Self { .product(name: "ArgumentParser", package: "swift-argument-parser") }
    static var asn1: Self { .product(name: "SwiftASN1", package: "swift-asn1") }
    static var asyncHTTPClient: Self { .product(name: "AsyncHTTPClient", package: "async-http-client") }
    static var crypto: Self { .product(name: "Crypto", package: "swift-crypto") }
    static var cryptoExtras: Self { .product(name: "CryptoExtras", package: "swift-crypto") }
    static var grdb: Self { .product(name: "GRDB", package: "GRDB.swift") }
    static var histogram: Self { .product(name: "Histogram", package: "hdrhistogram-swift") }
    static var httpTypes: Self { .product(name: "HTTPTypes", package: "swift-http-types") }
    static var hummingbird: Self { .product(name: "Hummingbird", package: "hummingbird") }
    static var hummingbirdCore: Self { .product(name: "HummingbirdCore", package: "hummingbird") }
    static var jwtKit: Self { .product(name: "JWTKit", package: "jwt-kit") }
    static var lifecycle: Self { .product(name: "ServiceLifecycle", package: "swift-service-lifecycle") }
    static var logging: Self { .product(name: "Logging", package: "swift-log") }
    static var mustache: Self { .product(name: "Mustache", package: "swift-mustache") }
    static var nioCore: Self { .product(name: "NIOCore", package: "swift-nio") }
    static var nioHTTP1: Self { .product(name: "NIOHTTP1", package: "swift-nio") }
    static var nioPosix: Self { .product(name: "NIOPosix", package: "swift-nio") }
    static var nioSSL: Self { .product(name: "NIOSSL", package: "swift-nio-ssl") }
    static var nioTLS: Self { .product(name: "NIOTLS", package: "swift-nio") }
    static var sqlite: Self { .product(name: "GRDBSQLite", package: "GRDB.swift") }
    static var subprocess: Self { .product(name: "Subprocess", package: "swift-subprocess") }
    static var systemPackage: Self { .product(name: "SystemPackage", package: "swift-system") }
    static var unixSignals: Self { .product(name: "UnixSignals", package: "swift-service-lifecycle") }
    static var x509: Self { .product(name: "X509", package: "swift-certificates") }
    static var yams: Self { .product(name: "Yams", package: "Yams") }
}

for target in package.targets
where target.type != .system && !["CShims", "CMonotonicTimers", "CInstructions", "CSpawning"].contains(target.name) {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
        .treatWarning("DeprecatedDeclaration", as: .warning),
    ]
}

// Runs start subjects and helpers by the hundred, and a third of what a start takes is to find and bind Swift's own libraries. What
// refers to these is compiled for the shared ones and does not name what they need in turn; the order is the linker's, who looks back at
// nothing.
let runtime = [
    "Foundation", "FoundationInternationalization", "FoundationEssentials", "CoreFoundation", "_FoundationICU", "_FoundationCShims",
    "_FoundationCollections",
]

for target in package.targets where ["authbed", "mcp-server", "token-issuer", "mcp-client", "defective"].contains(target.name) {
    target.linkerSettings =
        [.unsafeFlags(["-static-stdlib"], .when(platforms: [.linux]))]
        + runtime.map { .linkedLibrary($0, .when(platforms: [.linux])) }
}

// It is started a thousand times while checks are proven, and nobody attacks it: at a fixed address there is nothing to relocate.
for target in package.targets where target.name == "defective" {
    target.linkerSettings?.append(.unsafeFlags(["-Xclang-linker", "-no-pie"], .when(platforms: [.linux])))
}
