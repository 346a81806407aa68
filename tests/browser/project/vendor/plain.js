exports.twice = function (n) {
  return 2 * n;
};
