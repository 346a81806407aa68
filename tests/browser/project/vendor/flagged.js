Object.defineProperty(exports, "__esModule", { value: true });
exports.default = "flagged";
exports.named = this === exports;
